import Archives
import DocumentTree
import ImageModel
import InstanceData
import JSONText
import OEMModel
import OEMPlanning
import OverlayPlanning
import SystemPackage
import YAMLDocuments

extension FuzzTarget {
    /// What says what a machine is to be: files of stages, texts in them, clouds, and overlays.
    static let configuration: [FuzzTarget] = [
        FuzzTarget(name: "oem-file") { (bytes) throws(FuzzFailure) in
            let file = oemFile(bytes)
            try marksAreInside(file, bytes)
            for stage in file.stages { try plan(stage.stage, of: file) }
        },
        FuzzTarget(name: "step-text") { (bytes) throws(FuzzFailure) in try StepText.check(text(bytes)) },
        FuzzTarget(name: "user-data") { (bytes) throws(FuzzFailure) in try userData(bytes) },
        FuzzTarget(name: "instance-data") { (bytes) throws(FuzzFailure) in
            guard let document = instanceDocument(bytes) else { return }
            for provider in Provider.all { try readMetadata(provider.form, document) }
            try readNetwork(document)
        },
        survives("overlay-description") { bytes in
            readRelease(bytes)
            for line in text(bytes).split(separator: "\n").prefix(16) {
                for isFolder in [true, false] { _ = OverlayFile(String(line), isFolder: isFolder)?.releaseNames }
            }
            guard let document = try YAMLDocument.parse(bytes) else { return }
            _ = OverlayPolicy.saysRequired(document)
            _ = try OverlayPolicy(document)
        },
    ]

    private static func oemFile(_ bytes: [UInt8]) -> OEMFile {
        OEMFile(bytes) { (bytes) throws(DocumentError) in try YAMLDocument.parse(bytes, references: .expanded) }
    }

    private static func marksAreInside(_ file: OEMFile, _ bytes: [UInt8]) throws(FuzzFailure) {
        // The last byte of what ends a line, also in Unicode; libyaml puts the end of the text on a line of its own.
        let lines = bytes.count { [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains($0) } + 2
        for remark in file.remarks where !(1...lines).contains(remark.mark.line) || remark.reason.isEmpty {
            throw FuzzFailure(because: "of \(lines) lines it says: \(remark)")
        }
    }

    /// Plans one stage, as people and as programs see it.
    private static func plan(_ stage: String, of file: OEMFile) throws(FuzzFailure) {
        let document = OEMDocument(path: "/oem/90.yaml", source: .oem, file: file)
        let plan = StagePlan(StageFacts(stage: stage, documents: [document], renderer: StepText.Renderer()))
        let written = plan.json(refusals: []).serialized()
        guard (try? JSONValue(parsing: written)) != nil else {
            throw FuzzFailure(because: "the plan of \(stage) is no JSON: \(text(written))")
        }
        _ = plan.lines(refusals: [])
    }

    private static func userData(_ bytes: [UInt8]) throws(FuzzFailure) {
        let limits = UserDataLimits()
        var reader = UserDataReader(
            limits: limits,
            tools: UserDataTools(
                decompress: { bytes, limit in try? Decompression.bytes(of: bytes, limit: limit) },
                parse: { (bytes) throws(DocumentError) in try YAMLDocument.parse(bytes, references: .expanded) }))
        let data = reader.read(bytes)
        guard data.parts.count <= limits.parts, data.parts.reduce(0, { $0 + $1.bytes.count }) <= limits.bytes else {
            throw FuzzFailure(because: "there are \(data.parts.count) pieces, more than is allowed")
        }
        for part in data.parts {
            let isPlain = part.name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2F }
            guard isPlain, !part.name.isEmpty else { throw FuzzFailure(because: "a piece is called '\(part.name)'") }
            if case .include(let addresses) = part.kind { try areAddresses(addresses) } else { _ = oemFile(part.bytes) }
        }
    }

    private static func areAddresses(_ addresses: [String]) throws(FuzzFailure) {
        for address in addresses where !["http://", "https://"].contains(where: address.lowercased().hasPrefix) {
            throw FuzzFailure(because: "'\(address)' is to be fetched")
        }
    }

    private static func instanceDocument(_ bytes: [UInt8]) -> DocumentNode? {
        if let value = try? JSONValue(parsing: bytes) { return DocumentNode(value) }
        return (try? YAMLDocument.parse(bytes, references: .expanded)).flatMap(\.self)
    }

    private static func readMetadata(_ form: MetadataForm, _ document: DocumentNode) throws(FuzzFailure) {
        guard let metadata = try? form.read(document) else { return }
        let names = [metadata.hostname, metadata.instanceID].compactMap(\.self)
        for line in names + metadata.publicKeys where line.isEmpty || line.utf8.contains(where: { $0 < 0x20 }) {
            throw FuzzFailure(because: "'\(line)' is no line")
        }
    }

    private static func readNetwork(_ document: DocumentNode) throws(FuzzFailure) {
        guard let network = try? NetworkConfiguration(document) else { return }
        for file in network.files {
            guard file.name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x2F }) else {
                throw FuzzFailure(because: "a file is called '\(file.name)'")
            }
            for line in file.text.split(whereSeparator: \.isNewline) where !line.hasPrefix("[") && !line.contains("=") {
                throw FuzzFailure(because: "\(file.name) has the line '\(line)'")
            }
        }
    }

    private static func readRelease(_ bytes: [UInt8]) {
        guard let release = try? ReleaseText(parsing: bytes) else { return }
        for kind in ExtensionKind.allCases {
            _ = ExtensionRelease(kind, release).mismatch(host: release, architecture: "x86-64")
        }
    }
}
