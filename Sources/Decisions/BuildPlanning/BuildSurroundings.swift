package import ImageModel
package import PackageModel

/// What is known of all that a package is built from and in, when its key is made.
package struct BuildSurroundings: Equatable, Sendable {
    /// A package whose files are used, by what counts of it.
    package struct Part: Equatable, Sendable {
        /// The package.
        package var name: PackageName
        /// SHA-256 of its layer before compression; nil for a package without files.
        package var content: Digest?
        /// What says how it is joined with others: what it may replace, and what it was built on.
        package var joins: [String]

        /// Describes a part.
        package init(_ name: PackageName, content: Digest?, joins: [String] = []) {
            self.name = name
            self.content = content
            self.joins = joins
        }
    }

    /// A file, folder or link of the package's folder.
    package struct File: Equatable, Sendable {
        /// The path in the folder.
        package var path: String
        /// Kind, mode, and digest or target, such as `0644 sha256:…`.
        package var content: String

        /// Describes a file.
        package init(_ path: String, _ content: String) {
            self.path = path
            self.content = content
        }
    }

    /// The architecture that is built for, in Go's words.
    package var architecture: String
    /// The time that steps see as now, in seconds since 1970.
    package var epoch: Int64
    /// The digest of the manifest of each image that is used, by its reference as the file has it.
    package var images: [String: Digest] = [:]
    /// The packages laid on the base, lowest first.
    package var base: [Part] = []
    /// The key of the build whose container is the base; nil when none is.
    package var buildContainer: String?
    /// Packages that files are copied from.
    package var copies: [Part] = []
    /// The digests of downloads by their addresses.
    package var fetches: [String: Digest] = [:]
    /// Accounts that every base has.
    package var accounts: [String: UInt32] = [:]
    /// What is in the package's folder, in byte order of paths.
    package var files: [File] = []

    /// Describes surroundings without anything used.
    package init(architecture: String, epoch: Int64) {
        self.architecture = architecture
        self.epoch = epoch
    }
}
