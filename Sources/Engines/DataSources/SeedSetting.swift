import Faults
import HTTPTransfer
import InstanceData
import LinuxSystem
import SystemPackage

/// The setting of NoCloud in the serial number of the product: `ds=nocloud;s=FOLDER;h=HOSTNAME;i=INSTANCE`.
struct SeedSetting: Equatable {
    /// The folder with the four files, as a path or an address that ends with a slash.
    private(set) var folder: String?
    private(set) var hostname: String?
    private(set) var instanceID: String?
    /// What was not understood.
    private(set) var remarks: [String] = []

    /// Reads a serial number; nil when it is none of ours.
    init?(_ serial: String, prefix: String) {
        let fields = serial.split(separator: ";", omittingEmptySubsequences: true).map(String.init)
        guard let first = fields.first, first == prefix || first == "\(prefix)-net" else { return nil }
        for field in fields.dropFirst() {
            let value = String(field.drop { $0 != "=" }.dropFirst())
            switch field.prefix(while: { $0 != "=" }) {
            case "s", "seedfrom": take(folder: value)
            case "h", "local-hostname": hostname = value
            case "i", "instance-id": instanceID = value
            case let name: remarks.append("the serial number has '\(name)', which says nothing here")
            }
        }
    }

    private mutating func take(folder text: String) {
        let local = text.hasPrefix("file://") ? String(text.dropFirst("file://".count)) : text
        let isKnown = local.hasPrefix("/") || text.hasPrefix("http://") || text.hasPrefix("https://")
        guard isKnown, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !local.hasSuffix("__") else {
            remarks.append("the serial number names a folder that is no path and no http or https address")
            return
        }
        folder = local.hasSuffix("/") ? local : local + "/"
    }

    /// Whether the folder is at a server.
    var needsNetwork: Bool { folder.map { !$0.hasPrefix("/") } ?? false }

    /// What the setting and the files in its folder say together.
    ///
    /// - Throws: `DataSourceError` when nobody answers, and the setting itself says nothing.
    func answers(
        root: FilePath, limit: Int, _ client: any SourceClient, until deadline: Deadline
    ) throws(DataSourceError) -> SourceAnswers {
        var answers = own
        guard let folder else { return answers }
        if needsNetwork {
            do throws(DataSourceError) { try SeedFolder.fetch(folder, client, until: deadline, into: &answers) } catch {
                guard !answers.texts.isEmpty else { throw error }
                answers.miss("\(error.subject): \(error.cause)")
            }
        } else {
            SeedFolder.read(FilePath(folder), root: root, limit: limit, into: &answers)
        }
        return answers
    }

    /// What the setting itself says, as a source would say it.
    private var own: SourceAnswers {
        var answers = SourceAnswers(from: "the product's serial number")
        answers.remarks = remarks
        if let hostname { answers.texts.append(.init(kind: .hostname, bytes: Array(hostname.utf8))) }
        if let instanceID { answers.texts.append(.init(kind: .instanceID, bytes: Array(instanceID.utf8))) }
        return answers
    }
}

/// A folder with the files of NoCloud, on this machine or at a server.
struct SeedFolder {
    static let files: [(kind: MetadataKind, name: String)] = [
        (.metadata, "meta-data"), (.userData, "user-data"), (.vendorData, "vendor-data"), (.network, "network-config"),
    ]

    /// Reads the files of a folder below a root into what is known already.
    static func read(_ folder: FilePath, root: FilePath, limit: Int, into answers: inout SourceAnswers) {
        for file in files {
            let path = folder.appending(file.name)
            do throws(SystemError) {
                guard let bytes = try DirectoryHandle(root: root).read(path, limit: limit) else { continue }
                answers.texts.append(.init(kind: file.kind, bytes: bytes))
            } catch { answers.miss("\(path) cannot be read: \(error.cause)") }
        }
    }

    /// Fetches the files at an address that ends with a slash into what is known already.
    ///
    /// - Throws: `DataSourceError` when nobody answers.
    static func fetch(
        _ address: String, _ client: any SourceClient, until deadline: Deadline, into answers: inout SourceAnswers
    ) throws(DataSourceError) {
        for file in files {
            guard let bytes = try Fetch(client: client, deadline: deadline).body(of: address + file.name) else {
                continue
            }
            answers.texts.append(.init(kind: file.kind, bytes: bytes))
        }
        if let note = (try? HTTPAddress(address))?.plainNote { answers.remarks.append(note) }
    }
}

/// Fetches a text that somebody has named by its address.
struct Fetch {
    let client: any SourceClient
    let deadline: Deadline

    /// The text; nil when the server has none.
    ///
    /// - Throws: `DataSourceError` when nobody answers, the certificate is not trusted, or the text is too long.
    func body(of address: String) throws(DataSourceError) -> [UInt8]? {
        let request = SourceRequest(address)
        let response: SourceResponse
        do throws(HTTPError) { response = try client.answer(request, until: deadline) } catch {
            throw DataSourceError(error, request)
        }
        if response.status == 404 { return nil }
        guard response.status == 200 else {
            throw .wrong(request.withoutQuery, "it answers with status \(response.status)")
        }
        return response.body
    }
}
