import DocumentTree
import ImageModel
import JSONText
import RegistryModel
import SystemPackage

extension DocumentValue where Value == String {
    /// The version of an image.
    static var imageVersion: Self {
        Self(.text("letters, digits and `._-+~:`")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard ManifestText.isVersion(text) else {
                throw DocumentError(
                    at: node.mark, "\(text.quoted) must be at most 128 letters, digits, '.', '_', '-', '+', '~' and ':'"
                )
            }
            return text
        }
    }
}

extension DocumentValue where Value == [String] {
    /// Arguments of a kernel.
    static var kernelArguments: Self {
        let one = DocumentValue<String>(form: "an argument of the kernel", "[!-~]+") { (text) throws(SpecTextError) in
            guard ManifestText.isKernelArgument(text) else {
                throw SpecTextError(
                    "\(text.quoted) must be one argument: printable ASCII without space, quotes, '\\' and '$'")
            }
            return text
        }
        return .conditional(one, "item")
    }
}

extension DocumentValue where Value == AgentVersion {
    /// A version of the agent.
    static var agentVersion: Self {
        Self(.text("a version such as `0.5.0`")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard let version = AgentVersion(text) else {
                throw DocumentError(at: node.mark, "\(text.quoted) must be a version of lifeboot, such as 0.5.0")
            }
            return version
        }
    }
}

extension DocumentValue where Value == [String: String] {
    /// Lines of os-release by their names.
    static var releaseLines: Self {
        let names = DocumentNames("NAME", "the name of a line", without: "=")
        let members = DocumentValue<[DocumentMember<String>]>.mapping(names, of: .line)
        return Self(members.shape) { (node, name) throws(DocumentError) in
            var lines: [String: String] = [:]
            for member in try members.read(node, name) {
                guard isVariable(member.name), member.name == member.name.uppercased() else {
                    throw DocumentError(
                        at: member.mark, "\(member.name.quoted) must be a name as os-release(5) has them: A-Z, 0-9, '_'"
                    )
                }
                lines[member.name] = member.value
            }
            return lines
        }
    }
}

extension DocumentValue where Value == [String: Int64] {
    /// Sizes of partitions by their names.
    static var partitionSizes: Self {
        let size = DocumentValue<Int64>(form: "a size such as `1GiB`", "[0-9]+ ?[KMGT]?(iB)?") {
            (text) throws(SpecTextError) in
            guard let bytes = bytes(text), bytes > 0 else {
                throw SpecTextError("\(text.quoted) must be a size such as 512MiB or 3GiB")
            }
            return bytes
        }
        let names = DocumentNames("NAME", "recovery or state", without: " ")
        let members = DocumentValue<[DocumentMember<Int64>]>.mapping(names, of: size)
        return Self(members.shape) { (node, name) throws(DocumentError) in
            var sizes: [String: Int64] = [:]
            for member in try members.read(node, name) {
                guard ["recovery", "state"].contains(member.name) else {
                    throw DocumentError(
                        at: member.mark, "\(member.name.quoted) is no partition that an image goes to: recovery, state")
                }
                sizes[member.name] = member.value
            }
            return sizes
        }
    }

    /// Bytes of a size in steps of 1024; nil for what is none.
    private static func bytes(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        let units = ["": 0, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40, "K": 10, "M": 20, "G": 30, "T": 40]
        guard let number = Int64(digits), let shift = units[String(unit)] else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: 1 << shift)
        return overflows ? nil : bytes
    }
}

/// An element of `files` as it is written.
private struct DerivativeFilesKeys: Sendable {
    var source: FilePath = ""
    var target: FilePath = "/"

    static let table = DocumentTable<DerivativeFilesKeys>(
        "files",
        [
            DocumentKey("source", .pathBelow, required: true, "The folder, in the layer's.") { $0.source = $1 },
            DocumentKey("target", .containerPath, default: "/", "The folder in the image.") { $0.target = $1 },
        ])
}

extension DocumentValue where Value == [DerivativeFiles] {
    /// The key `files`.
    static var derivativeFiles: Self {
        DerivativeFilesKeys.table.elements(from: DerivativeFilesKeys(), limit: SpecLimits.variants) {
            (keys, _) throws(DocumentError) in DerivativeFiles(source: keys.source, target: keys.target)
        }
    }
}
