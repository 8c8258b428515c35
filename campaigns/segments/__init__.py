"""Segmentation 客户细分: matrices by stability and need, the nightly place of every line, migration between cells."""
