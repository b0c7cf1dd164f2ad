import Faults

extension ImageReference {
    /// Whether a text names a repository by its place beside another one: `./…` or `../…`.
    package static func isRelative(_ text: String) -> Bool { text.hasPrefix("./") || text.hasPrefix("../") }

    /// Finds a repository by its place beside another one, as relative addresses of the web are: `./os` beside
    /// `vendor/channel` is `vendor/os`, and `../os` beside `os/channel` is `os`.
    ///
    /// - Parameters:
    ///   - text: the place, without a tag or digest.
    ///   - base: the other repository; its tag and digest do not count.
    /// - Throws: `RegistryModelError` for what is no place, or above the registry's root.
    package init(relative text: String, to base: ImageReference) throws(RegistryModelError) {
        var parts = base.repository.split(separator: "/").dropLast()
        for part in text.split(separator: "/", omittingEmptySubsequences: false) where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else { throw Self.misplaced(text, base, "it is above all repositories") }
        }
        let repository = parts.joined(separator: "/")
        guard Self.isRelative(text), Self.isRepository(repository) else {
            throw Self.misplaced(text, base, "\(repository.quoted) is no repository")
        }
        self.init(registry: base.registry, repository: repository)
    }

    /// Names the repository by its place beside another one of the same registry; nil when that is in another.
    package func relative(to base: ImageReference) -> String? {
        guard registry == base.registry else { return nil }
        let folder = base.repository.split(separator: "/").dropLast()
        let parts = repository.split(separator: "/")
        let shared = zip(folder, parts.dropLast()).prefix { $0 == $1 }.count
        let up = Array(repeating: Substring(".."), count: folder.count - shared)
        return ((up.isEmpty ? ["."] : up) + parts.dropFirst(shared)).joined(separator: "/")
    }

    private static func misplaced(_ text: String, _ base: ImageReference, _ cause: String) -> RegistryModelError {
        RegistryModelError(
            .reference, "reading the reference", "\(text.quoted) beside \(base.name)", cause: cause,
            remedy: "Write the repository's place beside the channel's, as in ./os or ../os.")
    }
}
