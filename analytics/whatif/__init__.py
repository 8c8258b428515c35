"""What-if 假设分析: move the factors of one line and see what the model in use would say."""
