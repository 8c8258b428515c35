"""The task log 任务日志: every line of the trails of orders, of some days."""
