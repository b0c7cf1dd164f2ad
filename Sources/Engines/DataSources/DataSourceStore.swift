import InstanceData
import JSONText
package import LinuxSystem
import OEMModel
package import SystemPackage

/// Keeps what was found of the data of this instance, where the stages and the network's service read it.
package struct DataSourceStore: Sendable {
    /// The folder whose `.yaml` files are a source of stages, below the root.
    package static let folder: FilePath = "/run/lifeboot/datasource"
    /// The folder where systemd-networkd reads what is good for this boot, below the root.
    package static let networkFolder: FilePath = "/run/systemd/network"

    private let root: FilePath

    /// Keeps things below a root.
    package init(root: FilePath = "/") { self.root = root }

    /// Writes what was found, each file as a whole and only where it differs; what an earlier finding left goes.
    ///
    /// Nothing found changes nothing, and an incomplete finding does not change the copy at `path`. All is for root alone, but the files of the network, which its service must read.
    ///
    /// - Parameters:
    ///   - path: where user data are kept besides: a folder, which gets `userdata` and a file of configuration, or the
    ///     path of that file, which then ends with `.yaml`.
    ///   - fileName: the name of the file of configuration in that folder.
    /// - Returns: whether anything was changed.
    /// - Throws: `SystemError` when something cannot be written.
    package func keep(
        _ finding: DataSourceFinding, path: FilePath? = nil, fileName: String = "userdata.yaml"
    ) throws(SystemError) -> Bool {
        guard finding.provider != nil else { return false }
        let isKept = try keepSource(finding)
        let isNetworkKept = try keepNetwork(finding)
        var isCopied = false
        // An earlier copy that is whole is better than a new one that is not.
        if let path, finding.text != nil, !finding.isIncomplete {
            isCopied = try UserDataCopy(path, fileName).keep(finding, root: root)
        }
        return isKept || isNetworkKept || isCopied
    }

    /// Writes only the pieces of user data of what was found into a folder, for root alone; what an earlier one left goes.
    ///
    /// - Returns: whether anything was changed.
    /// - Throws: `SystemError` when something cannot be written.
    package func keepParts(_ finding: DataSourceFinding, in path: FilePath) throws(SystemError) -> Bool {
        var folder = try KeptFolder(path, root: root, mode: 0o700)
        try write(PartFiles.named(finding.parts), &folder)
        return folder.isChanged
    }

    private func write(
        _ files: [(name: String, bytes: [UInt8])], _ folder: inout KeptFolder
    ) throws(SystemError) {
        let names = Set(files.map(\.name))
        // First, so that a cut leaves too little and never the pieces of two findings.
        try folder.removeFiles { !names.contains($0) }
        for file in files {
            if let name = FilePath.Component(file.name) { try folder.write(file.bytes, to: name) }
        }
    }

    private func keepSource(_ finding: DataSourceFinding) throws(SystemError) -> Bool {
        var folder = try KeptFolder(Self.folder, root: root, mode: 0o700)
        var files = PartFiles.named(finding.parts)
        if let text = finding.text { files.append(("user-data", text)) }
        files.append(("meta-data.json", Self.document(finding)))
        try write(files, &folder)
        return folder.isChanged
    }

    private func keepNetwork(_ finding: DataSourceFinding) throws(SystemError) -> Bool {
        // Another source's description must not stay beside this one's, nor after it.
        let names = Set(finding.networkFiles.map(\.name))
        var folder = try KeptFolder(Self.networkFolder, root: root)
        try folder.removeFiles { $0.hasPrefix("10-lifeboot-") && !names.contains($0) }
        for file in finding.networkFiles {
            guard let name = FilePath.Component(file.name) else { continue }
            try folder.write(Array(file.text.utf8), to: name, mode: 0o644)
        }
        return folder.isChanged
    }

    /// What is said about the instance, for programs.
    private static func document(_ finding: DataSourceFinding) -> [UInt8] {
        var object: JSONObject = ["provider": .string(finding.provider ?? ""), "place": .string(finding.place)]
        if let name = finding.metadata.instanceID { object["instance-id"] = .string(name) }
        if let hostname = finding.metadata.hostname { object["hostname"] = .string(hostname) }
        object["public-keys"] = .array(finding.metadata.publicKeys.map { .string($0) })
        return JSONValue.object(object).serialized(indented: true)
    }
}

/// Gives pieces of user data names of files.
enum PartFiles {
    /// The pieces with their names, in order: only configurations end with `.yaml`, so only these are read as such.
    static func named(_ parts: [UserDataPart]) -> [(name: String, bytes: [UInt8])] {
        parts.enumerated().compactMap { index, part in
            let number = String("\(1001 + index)".dropFirst())
            let name = "\(number)-\(stem(part.name))"
            switch part.kind {
            case .cloudConfig, .stages: return ("\(name).yaml", configuration(part))
            case .script: return ("\(name).script", part.bytes)
            case .include: return nil
            }
        }
    }

    /// The text of a configuration with the header that tells its dialect: what came as a typed part may lack it.
    static func configuration(_ part: UserDataPart) -> [UInt8] {
        guard part.kind == .cloudConfig, !OEMHeader.isCloudConfig(part.bytes) else { return part.bytes }
        return Array("#cloud-config\n".utf8) + part.bytes
    }

    private static func stem(_ name: String) -> String {
        for ending in [".yaml", ".yml"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
        return name
    }
}
