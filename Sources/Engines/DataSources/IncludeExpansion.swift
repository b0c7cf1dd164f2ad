import Faults
import HTTPTransfer
import InstanceData
import LinuxSystem

/// Puts what addresses answer in the place of the pieces of user data that name them.
struct IncludeExpansion {
    let client: any SourceClient
    let deadline: Deadline
    /// How many addresses may still be fetched.
    private var left: Int
    private var reader: UserDataReader
    private(set) var remarks: [String] = []
    /// Whether something could not be fetched.
    private(set) var isIncomplete = false

    init(_ limits: DataSourceLimits, _ client: any SourceClient) {
        self.client = client
        deadline = .after(limits.includeTime)
        left = limits.addresses
        reader = SourceReader.userData(limits)
    }

    /// The same pieces without those that name addresses; what could not be fetched is a remark.
    mutating func expanded(_ parts: [UserDataPart]) -> [UserDataPart] {
        var result: [UserDataPart] = []
        var waiting = parts[...]
        while let part = waiting.popFirst() {
            if case .include(let addresses) = part.kind {
                waiting = fetch(addresses, of: part)[...] + waiting
            } else {
                result.append(part)
            }
        }
        return result
    }

    private mutating func fetch(_ addresses: [String], of part: UserDataPart) -> [UserDataPart] {
        var parts: [UserDataPart] = []
        for (index, address) in addresses.enumerated() {
            let name = "\(part.name)-\(index + 1)"
            guard left > 0 else {
                isIncomplete = true
                remarks.append("user data is left out: \(name) and more: there are too many addresses")
                break
            }
            left -= 1
            switch Self.body(of: address, Fetch(client: client, deadline: deadline)) {
            case .success(let bytes):
                noteTrust(address)
                let read = reader.read(bytes, name: name, depth: part.depth + 1)
                parts += read.parts
                remarks += read.refusals.map { "user data is left out: \($0)" }
            case .failure(let error):
                isIncomplete = true
                remarks.append("user data is left out: \(name): \(error.subject): \(error.cause)")
            }
        }
        return parts
    }

    /// Fetches beside this thread, because looking up a name cannot always be ended.
    private static func body(of address: String, _ fetch: Fetch) -> Result<[UInt8], DataSourceError> {
        let place = SourceRequest(address).withoutQuery
        let work: @Sendable () -> Result<[UInt8], DataSourceError> = {
            Result { () throws(DataSourceError) in
                guard let bytes = try fetch.body(of: address) else { throw .absent(place, "there is nothing") }
                return bytes
            }
        }
        let results = try? OrderedRace.run([work], until: fetch.deadline) { _ in true }
        return (results?.first ?? nil) ?? .failure(.late(place))
    }

    private mutating func noteTrust(_ address: String) {
        if let note = (try? HTTPAddress(address))?.plainNote { remarks.append(note) }
    }
}
