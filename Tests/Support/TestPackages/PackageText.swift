import ImageModel
package import PackageModel

/// Makes packages and repositories of lines such as `app/tide 1.0 amd64 | requires app/sea >= 2 | provides app/water`; without
/// an architecture a package is for all.
package enum PackageText {
    /// Reads a line.
    package static func package(_ line: String) throws -> RepositoryPackage {
        let parts = line.split(separator: "|").map { $0.split(separator: " ") }
        let head = parts[0].map(String.init)
        var metadata = PackageMetadata(
            try PackageName(parsing: head[0]), try PackageVersion(parsing: head[1]),
            architecture: head.count > 2 ? head[2] : "all")
        for part in parts.dropFirst() {
            let request = try PackageRequest(parsing: part.dropFirst().joined(separator: " "))
            switch part[0] {
            case "requires": metadata.requires.append(request)
            case "conflicts": metadata.conflicts.append(request)
            default: metadata.provides.append(request)
            }
        }
        return try package(metadata)
    }

    /// A package with a made-up digest.
    package static func package(_ metadata: PackageMetadata) throws -> RepositoryPackage {
        guard let digest = Digest(bytes: [UInt8](repeating: 1, count: 32)) else { throw PackageTextMistake() }
        return RepositoryPackage(metadata, manifest: digest, layer: nil, size: 1, installedSize: 1)
    }

    /// A repository with the packages of a text, one a line.
    package static func repository(_ text: String, name: String = "repository") throws -> RepositoryIndex {
        try repository(text.split(separator: "\n").map { try package(String($0)) }, name: name)
    }

    /// A repository.
    package static func repository(
        _ packages: [RepositoryPackage], name: String = "repository"
    ) throws -> RepositoryIndex {
        guard let created = UTCTime(seconds: 0), let expires = UTCTime(seconds: 1) else { throw PackageTextMistake() }
        return RepositoryIndex(
            name: name, revision: 1, previous: nil, created: created, expires: expires, packages: packages)
    }
}

/// Says that a test made a mistake.
package struct PackageTextMistake: Error {
    /// Makes one.
    package init() {}
}
