"""What-if 假设分析: change the factors of one line and see the champion's score."""
