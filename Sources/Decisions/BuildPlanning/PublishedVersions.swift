import Faults
package import PackageModel

/// The versions that somebody has published under tags that are versions.
///
/// Other tags, such as `latest`, those of signatures and those of an index, are passed over.
package struct PublishedVersions: Sendable {
    /// One of them.
    package struct Published: Equatable, Sendable {
        /// What the tag means.
        package var version: PackageVersion
        /// The tag.
        package var tag: String
    }

    /// All of them, the highest first; of two that are equal the one whose tag comes first.
    package let all: [Published]

    /// Reads tags, in which `_p`, `_t` and `_c` stand for `+`, `~` and `:` as in those of packages.
    package init(tags: [String]) {
        let found = tags.compactMap { tag -> Published? in
            (try? PackageVersion(parsing: Self.version(tag))).map { Published(version: $0, tag: tag) }
        }
        all = found.sorted { one, other in
            let order = one.version.compared(to: other.version)
            return order == 0 ? one.tag < other.tag : order > 0
        }
    }

    /// What a tag says where it is one of a version.
    package static func version(_ tag: String) -> String {
        var tag = tag
        for (written, meant) in [("_p", "+"), ("_t", "~"), ("_c", ":")] {
            tag = tag.split(separator: written, omittingEmptySubsequences: false).joined(separator: meant)
        }
        return tag
    }

    /// The highest version that counts.
    package func highest(in range: VersionRange) -> Published? { all.first { range.contains($0.version) } }
}
