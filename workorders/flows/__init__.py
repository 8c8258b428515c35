"""The editor of order types: drafts of versions, their drawing, their problems, a trial run, publishing."""
