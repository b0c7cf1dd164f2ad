extension Digest {
    /// The digest as registries spell it: `sha256:` and 64 digits.
    package var registryText: String { "sha256:\(hex)" }

    /// Reads `sha256:` and 64 lower-case digits; nil for anything else, other algorithms included.
    package init?(registryText text: String) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: String(text.dropFirst(7)))
    }
}
