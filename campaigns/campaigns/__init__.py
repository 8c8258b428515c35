"""Campaigns 营销维系活动: planned, approved, frozen with a control group, run in waves and measured."""
