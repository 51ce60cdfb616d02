"""The time bank 时间银行: an hour of service is a credit, spent on asking for help; its ledger is only added to."""
