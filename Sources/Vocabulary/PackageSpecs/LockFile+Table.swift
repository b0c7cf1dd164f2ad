package import DocumentTree
import Faults
import ImageModel
import JSONText
import RegistryModel
package import SystemPackage

extension LockFile {
    /// Every key of `boatyard.lock`.
    static let table = DocumentTable<LockFile>(
        "the lock",
        [
            SpecDocument.formatKey(),
            DocumentKey(
                "environment", .list(of: .variable, "a variable"), default: [],
                "The variables of the environment that files of the layer use; their values are not kept."
            ) { $0.environment = Set($1) },
            DocumentKey(
                "images", each: .references, image, "The images of bases and copies, by their references."
            ) { (lock, name, read) throws(DocumentError) in
                try read(&lock.images[name])
            },
            DocumentKey("base", .lockedBase, "What the image of the layer lies on.") { $0.base = $1 },
            DocumentKey("fetches", each: .references, fetch, "The downloads, by their addresses.") {
                (lock, name, read) throws(DocumentError) in
                var fetch = Keys()
                try read(&fetch)
                lock.fetches[name] = fetch.digest.map { LockedFetch(digest: $0, size: fetch.number) }
            },
            DocumentKey(
                "repositories", each: .references, repository, "The indexes of the layers below, by their repositories."
            ) { (lock, name, read) throws(DocumentError) in
                var keys = Keys()
                try read(&keys)
                lock.repositories[name] = keys.digest.map { LockedRepository(revision: keys.number, manifest: $0) }
            },
            DocumentKey("packages", .lockedPackages, default: [], "What was solved from these repositories.") {
                $0.packages = $1
            },
        ])

    private static let image = DocumentTable<Digest?>(
        "an image",
        [
            DocumentKey("digest", .registryDigest, required: true, "What the reference resolved to.") { $0 = $1 }
        ])

    /// A digest with a number, before both are read.
    private struct Keys: Sendable {
        var digest: Digest?
        var number: Int64 = 0
    }

    private static let fetch = DocumentTable<Keys>(
        "a download",
        [
            DocumentKey("sha256", .registryDigest, required: true, "The SHA-256 of its bytes.") { $0.digest = $1 },
            DocumentKey("size", .integer(0...1 << 50), required: true, "Its bytes.") { $0.number = Int64($1) },
        ])

    private static let repository = DocumentTable<Keys>(
        "a repository",
        [
            DocumentKey("revision", .integer(1...Int.max), required: true, "The revision of its index.") {
                $0.number = Int64($1)
            },
            DocumentKey("manifest", .registryDigest, required: true, "The digest of the index's manifest.") {
                $0.digest = $1
            },
        ])

    /// Reads `boatyard.lock`.
    ///
    /// - Throws: `SpecError` with the place of the first fault; nothing is put into its texts.
    package init(_ document: DocumentNode?, file: FilePath) throws(SpecError) {
        self.init()
        do throws(DocumentError) {
            let pairs = try SpecDocument.pairs(of: document, Self.table.entries, Self.table.name)
            try Self.table.read(DocumentNode(.mapping(pairs), at: DocumentMark(line: 1, column: 1)), into: &self)
        } catch { throw SpecError(file, error) }
    }
}

extension DocumentNames {
    /// References and addresses.
    fileprivate static let references = DocumentNames("REFERENCE", "a reference of one line", without: "\n")
}

extension DocumentValue where Value == Digest {
    /// A digest as registries write it.
    static var registryDigest: Self {
        Self(text: "`sha256:` and 64 hexadecimal digits", pattern: "^sha256:[0-9a-f]{64}$") {
            (text) throws(SpecTextError) in
            guard let digest = Digest(registryText: text) else {
                throw SpecTextError("\(text.quoted) must be sha256: and 64 lower-case hexadecimal digits")
            }
            return digest
        }
    }
}
