// Placeholder until the first type of Language lands.
