"""The e-mail channel: the letter, its way out by SMTP, and the answers read back over IMAP."""
