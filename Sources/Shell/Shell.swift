// Placeholder until the first type of Shell lands.
