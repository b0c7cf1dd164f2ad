package import DocumentTree
import Faults
import RegistryModel
package import SystemPackage

extension DocumentValue where Value == [DocumentMember<String>] {
    /// Values by name; only the environment can be put into them, so that it is plain which of two values wins.
    static var specValues: Self {
        let names = DocumentNames("NAME", "letters, digits, '_' and '-'", without: " ")
        return Self(.mapping(names, .text("a text"))) { (node, name) throws(DocumentError) in
            let pairs = try node.pairs(name)
            guard pairs.count <= SpecLimits.values else {
                throw DocumentError(at: node.mark, "\(name) has more than \(SpecLimits.values) values")
            }
            var members: [DocumentMember<String>] = []
            for pair in pairs {
                guard isValueName(pair.key) else { throw DocumentError(at: pair.mark, valueNameReason(pair.key)) }
                let text = try DocumentValue<String>.anyText.read(pair.value, "\(name).\(pair.key)")
                guard text.utf8.count <= SpecLimits.valueBytes else {
                    throw DocumentError(at: pair.value.mark, "a value has at most \(SpecLimits.valueBytes) bytes")
                }
                members.append(DocumentMember(name: pair.key, mark: pair.mark, value: text))
            }
            return members
        }
    }
}

private func isValueName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { isWordByte($0) || $0 == 0x5F || $0 == 0x2D }
}

private func valueNameReason(_ text: String) -> String {
    "\(text.quoted) must be the name of a value: at most 64 letters, digits, '_' and '-'"
}

extension [DocumentMember<String>] {
    /// The values by name, with who said them.
    func values(from origin: (SpecPlace) -> ValueOrigin, _ file: FilePath) -> [String: SpecValue] {
        var values: [String: SpecValue] = [:]
        for member in self { values[member.name] = SpecValue(member.value, from: origin(SpecPlace(file, member.mark))) }
        return values
    }
}

/// A file of the folder `values`: values that a build is asked to take by the file's name.
package enum FlavourFile {
    /// The folder of such files in a layer's folder.
    package static let folder: FilePath.Component = "values"

    /// Every key of such a file.
    static let table = DocumentTable<[DocumentMember<String>]>(
        "the file of values",
        [
            SpecDocument.formatKey(),
            DocumentKey(
                "values", .specValues, required: true,
                "Values by name. They win over those of the layer and of packages, and `--set` over them."
            ) { $0 = $1 },
        ])

    /// Reads such a file; values may hold `${env:NAME}`.
    ///
    /// - Throws: `SpecError` with the place of the first fault.
    package static func values(
        of document: DocumentNode?, file: FilePath, environment: [String: String]
    ) throws(SpecError) -> [String: SpecValue] {
        do throws(DocumentError) {
            let pairs = try SpecDocument.pairs(of: document, table.entries, table.name)
            var tree = SpecTree(
                substitution: Substitution(values: nil, environment: environment), architecture: "")
            let node = DocumentNode(.mapping(pairs), at: DocumentMark(line: 1, column: 1))
            var members: [DocumentMember<String>] = []
            try table.read(try tree.resolved(node, ""), into: &members)
            return members.values(from: ValueOrigin.flavour, file)
        } catch { throw SpecError(file, error) }
    }
}

extension SpecValue {
    /// Reads what stands behind `--set`: `NAME=VALUE`.
    ///
    /// - Throws: `SpecError` for anything else.
    package static func option(_ text: String) throws(SpecError) -> (name: String, value: SpecValue) {
        guard let equals = text.firstIndex(of: "="), isValueName(String(text[..<equals])),
            text.utf8.count <= SpecLimits.valueBytes, !text.utf8.contains(0)
        else {
            throw SpecError(
                .content, "reading the option", "--set \(text.quoted)", cause: "it is not of the form NAME=VALUE",
                remedy: "Write the name of a value in letters, digits, '_' and '-', and at most 4096 bytes in all.")
        }
        return (String(text[..<equals]), SpecValue(String(text[text.index(after: equals)...]), from: .option))
    }
}

extension SpecContext {
    /// Joins values from the weakest to the strongest: the layer's, flavours in their order, the command line's.
    package init(
        architecture: String, environment: [String: String], layer: LayerFile, flavours: [[String: SpecValue]] = [],
        options: [String: SpecValue] = [:]
    ) {
        self.init(architecture: architecture, environment: environment, values: layer.values)
        for stronger in flavours + [options] { values.merge(stronger) { $1 } }
    }
}
