"""The offer library 产品匹配: what may be given to whom (row M3, the part that calls need)."""
