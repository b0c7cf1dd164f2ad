import InstanceData
import LinuxSystem
import SystemPackage

/// The copy of user data at the place that a file of configuration asks for, as others of the family keep it.
struct UserDataCopy {
    private let folder: FilePath
    /// The name of the text as it came; nil where only the configuration is kept.
    private let rawName: FilePath.Component?
    /// The name of the first configuration.
    private let name: FilePath.Component?

    init(_ path: FilePath, _ fileName: String) {
        let isFile = path.string.hasSuffix(".yaml")
        folder = isFile ? path.removingLastComponent() : path
        rawName = isFile ? nil : "userdata"
        name = isFile ? path.lastComponent : FilePath.Component(fileName)
    }

    /// Writes what differs, for root alone; true when something did.
    ///
    /// - Throws: `SystemError` when something cannot be written.
    func keep(_ finding: DataSourceFinding, root: FilePath) throws(SystemError) -> Bool {
        var folder = try KeptFolder(folder, root: root)
        let configurations = finding.parts.filter { $0.kind == .cloudConfig || $0.kind == .stages }
        let names = names(count: configurations.count)
        try removeOld(in: &folder, besides: names)
        if let rawName, let text = finding.text { try folder.write(text, to: rawName) }
        for (name, part) in zip(names, configurations) {
            try folder.write(PartFiles.configuration(part), to: name)
        }
        return folder.isChanged
    }

    /// The names of so many configurations: that which was asked for, then the same with `-002` and so on, since texts of
    /// several pieces cannot be one document.
    private func names(count: Int) -> [FilePath.Component] {
        guard let name else { return [] }
        return (0..<count).compactMap { index in
            index == 0 ? name : FilePath.Component("\(name.stem)-\("\(1001 + index)".dropFirst()).yaml")
        }
    }

    /// Removes what another text has left, all of it when this one has no configuration.
    private func removeOld(
        in folder: inout KeptFolder, besides names: [FilePath.Component]
    ) throws(SystemError) {
        guard let name else { return }
        let head = "\(name.stem)-"
        let kept = Set(names.map(\.string))
        try folder.removeFiles { text in
            if text == name.string { return !kept.contains(text) }
            let number = text.dropFirst(head.count).dropLast(".yaml".count)
            let isNumbered = number.count == 3 && number.allSatisfy { $0.isASCII && $0.isNumber }
            return text.hasPrefix(head) && text.hasSuffix(".yaml") && isNumbered && !kept.contains(text)
        }
    }
}
