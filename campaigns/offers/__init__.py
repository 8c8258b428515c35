"""The offer library 产品匹配: which offers fit which lines."""
