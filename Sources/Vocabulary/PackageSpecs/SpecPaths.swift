import DocumentTree
import Faults
import RegistryModel
import SystemPackage

extension DocumentValue where Value == FilePath {
    /// An absolute path in a container.
    static var containerPath: Self {
        Self(form: "an absolute path", "/.*") { (text) throws(SpecTextError) in
            guard text.hasPrefix("/") else { throw SpecTextError("\(text.quoted) must be an absolute path") }
            return try clean(text)
        }
    }

    /// A path below a folder of the layer.
    static var pathBelow: Self {
        Self(form: "a path below the folder", "[^/].*") { (text) throws(SpecTextError) in
            guard !text.hasPrefix("/") else {
                throw SpecTextError("\(text.quoted) must be a path below the folder, not an absolute one")
            }
            let path = try clean(text)
            guard !path.components.isEmpty else { throw SpecTextError("\(text.quoted) must name something below it") }
            return path
        }
    }

    /// An absolute path, or one below a folder.
    static var anyPath: Self {
        Self(form: "a path", ".+") { (text) throws(SpecTextError) in
            let path = try clean(text)
            guard !path.components.isEmpty else { throw SpecTextError("\(text.quoted) must name something") }
            return path
        }
    }

    /// The path without `.` and doubled slashes.
    private static func clean(_ text: String) throws(SpecTextError) -> FilePath {
        let path = FilePath(text)
        guard isPath(text), !path.components.contains(where: { $0.kind == .parentDirectory }) else {
            throw SpecTextError("\(text.quoted) must be a path without '..'")
        }
        return path.lexicallyNormalized()
    }
}

extension DocumentValue where Value == SourceReference {
    /// A container image: in a registry, or with a scheme in a layout or archive.
    static var image: Self {
        Self(form: "an image such as `docker.io/library/debian:12`", ".+") { (text) throws(SpecTextError) in
            try reference(text)
        }
    }

    /// A repository of packages or a cache: what tags and digests are in.
    static var repository: Self {
        Self(form: "a repository such as `oci://registry.example/foundation/packages`", "oci(-layout)?:.+") {
            (text) throws(SpecTextError) in
            let reference = try reference(text)
            switch reference {
            case .registry(let image) where image.tag == nil && image.digest == nil: return reference
            case .layout(let entry) where entry.tag == nil && entry.digest == nil: return reference
            default:
                throw SpecTextError(
                    "\(text.quoted) is no repository; write oci://HOST/REPOSITORY without a tag, or oci:PATH")
            }
        }
    }

    private static func reference(_ text: String) throws(SpecTextError) -> SourceReference {
        guard isPath(text) else { throw SpecTextError("a reference must be one line of at most 4096 bytes") }
        let schemes = ["oci:", "oci-layout:", "oci-archive:", "docker-archive:"]
        let isLocal = !text.hasPrefix("oci://") && schemes.contains(where: text.hasPrefix)
        do throws(RegistryModelError) {
            return isLocal ? try SourceReference(parsing: text) : .registry(try ImageReference(parsing: text))
        } catch { throw SpecTextError("\(text.quoted): \(error.cause). \(error.remedy)") }
    }
}
