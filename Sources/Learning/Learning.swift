// Placeholder until the first type of Learning lands.
