"""Plan fit 套餐适配: every line's last months rated on every plan open to it, weighed against the churn probability."""
