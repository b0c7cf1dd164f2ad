import ImageModel
import PackageModel
import RepositoryPlanning

/// A digest that is told by a number.
func digest(_ number: UInt8) -> Digest {
    // 32 bytes are always one.
    Digest(bytes: [UInt8](repeating: number, count: 32)) ?? digest(number)
}

/// Seconds after some midnight.
func time(_ seconds: Int64) -> UTCTime { UTCTime(seconds: 1_790_000_000 + seconds) ?? time(0) }

/// A package as `app/tide 1.0 amd64`, with the number of its manifest.
func package(_ text: String, _ number: UInt8) throws -> RepositoryPackage {
    let words = text.split(separator: " ").map(String.init)
    let metadata = PackageMetadata(
        try PackageName(parsing: words[0]), try PackageVersion(parsing: words[1]),
        architecture: words.count > 2 ? words[2] : "amd64")
    return RepositoryPackage(
        metadata, manifest: digest(number), layer: digest(number &+ 100), size: 10, installedSize: 20)
}

/// An index of some packages.
func known(
    _ number: UInt8, revision: Int64, previous: UInt8? = nil, name: String = "harbour",
    _ packages: [RepositoryPackage] = [], expires: Int64 = 1_000
) -> KnownIndex {
    KnownIndex(
        digest(number),
        RepositoryIndex(
            name: name, revision: revision, previous: previous.map(digest), created: time(0), expires: time(expires),
            packages: packages))
}
