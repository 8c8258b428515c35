"""Reference documents and voice files of order types: sheets and recordings that agents open during a call."""
