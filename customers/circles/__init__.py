"""Circles 关系圈: households, small groups, firms, by calls and what lines share; candidates for a bundle 融合识别."""
