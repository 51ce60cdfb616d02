"""What every process of Linli needs: settings, the database engine, logs, safe text. Imports nothing else of ours."""
