"""The care calendar S21 客户关怀: 22 kinds, each on an occasion or an event, and notices that staff enter."""
