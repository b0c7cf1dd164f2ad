import Archives
import DocumentTree
import InstanceData
import JSONText
import YAMLDocuments

/// Reads what a source has said.
struct SourceReader {
    let provider: String
    /// Where its document has what; nil for a source without one.
    var form: MetadataForm?
    let limits: DataSourceLimits

    /// The reader of user data, with the libraries that it needs.
    static func userData(_ limits: DataSourceLimits) -> UserDataReader {
        var own = UserDataLimits()
        own.bytes = limits.answer
        return UserDataReader(
            limits: own,
            tools: UserDataTools(
                decompress: { bytes, limit in try? Decompression.bytes(of: bytes, limit: limit) },
                parse: { (bytes) throws(DocumentError) in try YAMLDocument.parse(bytes, references: .expanded) }))
    }

    /// What the answers say, taken together.
    ///
    /// - Throws: `DataSourceError` when there is no text at all, or a text that the source cannot be without is none:
    ///   somebody else has answered.
    func finding(_ answers: SourceAnswers) throws(DataSourceError) -> DataSourceFinding {
        guard !answers.texts.isEmpty else {
            throw .wrong(answers.place, (["nothing could be read"] + answers.remarks).joined(separator: "; "))
        }
        var finding = DataSourceFinding()
        finding.provider = provider
        finding.place = answers.place
        finding.remarks = answers.remarks
        finding.isIncomplete = answers.isIncomplete
        for text in answers.texts {
            try readMetadata(text, answers.place, into: &finding)
            // Who answers every question with a page of his own, as hotels do, is no cloud.
            guard !text.isRequired || finding.metadata.instanceID != nil else {
                throw .wrong(answers.place, "it gives no name of an instance")
            }
        }
        readUserData(answers, into: &finding)
        if let network = answers[.network] {
            readNetwork(network, into: &finding)
        } else if let reference = finding.metadata.networkReference {
            finding.remarks.append("the network is described in \(reference), in an old form that is not read")
        }
        finding.remarks += finding.metadata.remarks
        return finding
    }

    private func readMetadata(
        _ text: SourceAnswers.Text, _ place: String, into finding: inout DataSourceFinding
    ) throws(DataSourceError) {
        guard text.kind == .metadata else {
            return finding.metadata.take(text.bytes, as: text.kind)
        }
        do throws(DocumentError) {
            guard let form, let document = try Self.document(text.bytes) else { return }
            finding.metadata = finding.metadata.completed(by: try form.read(document))
        } catch {
            if text.isRequired { throw .wrong(place, "its meta-data cannot be read: \(error)") }
            finding.remarks.append("meta-data cannot be read: \(error)")
        }
    }

    private func readUserData(_ answers: SourceAnswers, into finding: inout DataSourceFinding) {
        let user = answers.texts.last { $0.kind == .userData }?.bytes ?? finding.metadata.userData
        finding.text = user.flatMap { $0.isEmpty ? nil : $0 }
        var reader = Self.userData(limits)
        if let vendor = answers[.vendorData].flatMap({ Self.vendorText($0) }) {
            finding.add(reader.read(vendor, name: "vendor-data"))
        }
        if let text = finding.text { finding.add(reader.read(text)) }
    }

    /// The vendor's user data: OpenStack has it in a document, as a text or below `cloud-init`; nil when it is empty.
    static func vendorText(_ bytes: [UInt8]) -> [UInt8]? {
        guard let document = try? JSONValue(parsing: bytes) else { return bytes.isEmpty ? nil : bytes }
        guard let text = document.text ?? document["cloud-init"]?.text, !text.isEmpty else { return nil }
        return Array(text.utf8)
    }

    private func readNetwork(_ bytes: [UInt8], into finding: inout DataSourceFinding) {
        do throws(DocumentError) {
            guard let document = try Self.document(bytes) else { return }
            let network = try NetworkConfiguration(document)
            finding.networkFiles = network.files
            finding.remarks += network.remarks.map { "network: \($0)" }
        } catch { finding.remarks.append("the network configuration cannot be read: \(error)") }
    }

    /// Reads JSON as JSON, since it may have what YAML has not, and everything else as YAML.
    private static func document(_ bytes: [UInt8]) throws(DocumentError) -> DocumentNode? {
        if bytes.first == UInt8(ascii: "{"), let value = try? JSONValue(parsing: bytes) { return DocumentNode(value) }
        return try YAMLDocument.parse(bytes, references: .expanded)
    }
}

extension UserDataPart {
    /// The addresses whose answers take its place.
    var addresses: [String] { if case .include(let addresses) = kind { addresses } else { [] } }
}

extension DataSourceFinding {
    /// Adds pieces of user data, and says which are left out.
    mutating func add(_ data: UserData) {
        parts += data.parts
        remarks += data.refusals.map { "user data is left out: \($0)" }
    }
}
