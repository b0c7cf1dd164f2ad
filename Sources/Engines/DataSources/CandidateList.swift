import BlockDevices
import Faults
import HTTPTransfer
import InstanceData
import LinuxSystem
import SystemPackage

/// Makes candidates of what is asked for.
struct CandidateList {
    let root: FilePath
    let limits: DataSourceLimits
    let client: any SourceClient
    /// What firmware says; the serial number may have settings of NoCloud.
    let machine: MachineIdentity
    let volumes: VolumeSearch?
    /// Addresses in the place of a provider's own, by its name; for tests.
    let servers: [String: [String]]

    /// All candidates in the order in which their answers count.
    func candidates(_ choice: DataSourceChoice) -> [SourceCandidate] {
        let local = choice.providers.filter { !$0.needsNetwork }, distant = choice.providers.filter(\.needsNetwork)
        return local.flatMap(candidates) + choice.files.map(file) + distant.flatMap(candidates)
            + choice.addresses.map(address)
    }

    private func candidates(_ provider: Provider) -> [SourceCandidate] {
        let reader = SourceReader(provider: provider.name, form: provider.form, limits: limits)
        switch provider.transport {
        case .volume(let labels, let types, let files):
            let devices = volumes?.devices(labels: labels) ?? []
            return devices.map { volume($0, files, types, reader) }
        case .http(var service):
            service.addresses = servers[provider.name] ?? service.addresses
            return [server(service, reader)]
        case .serialNumber(let prefix):
            return SeedSetting(machine.serial, prefix: prefix).map { [seed($0, reader)] } ?? []
        case .firmware(let entries): return [firmware(entries, reader)]
        // Elsewhere the program would only say that it is at the wrong place.
        case .guestInfo(let values): return machine.vendor.hasPrefix("VMware") ? [guestInfo(values, reader)] : []
        case .none: return []
        }
    }

    private func volume(
        _ device: BlockDevice, _ files: [(kind: MetadataKind, paths: [String])], _ types: [String],
        _ reader: SourceReader
    ) -> SourceCandidate {
        let limit = limits.answer
        return SourceCandidate("\(reader.provider) on \(device.path)") { (_) throws(DataSourceError) in
            let place = device.path.string
            let answers: SourceAnswers?
            do { answers = try VolumeSearch.read(device, files, types: types, limit: limit) } catch {
                throw .wrong(place, (error as? any OperatorFault)?.cause ?? "\(error)")
            }
            guard let answers else { throw .absent(place, "it has the label and none of the files") }
            return try reader.finding(answers)
        }
    }

    private func server(_ service: MetadataService, _ reader: SourceReader) -> SourceCandidate {
        let client = client
        return SourceCandidate(reader.provider, needsNetwork: true) { (deadline) throws(DataSourceError) in
            try reader.finding(MetadataExchange(service: service, client: client, deadline: deadline).answers())
        }
    }

    private func seed(_ setting: SeedSetting, _ reader: SourceReader) -> SourceCandidate {
        let (root, limit, client) = (root, limits.answer, client)
        return SourceCandidate(reader.provider, needsNetwork: setting.needsNetwork) {
            (deadline) throws(DataSourceError) in
            try reader.finding(try setting.answers(root: root, limit: limit, client, until: deadline))
        }
    }

    private func firmware(_ entries: [(kind: MetadataKind, name: String)], _ reader: SourceReader) -> SourceCandidate {
        let (root, limit) = (root, limits.answer)
        return SourceCandidate(reader.provider) { (_) throws(DataSourceError) in
            let answers = FirmwareEntries.read(entries, root: root, limit: limit)
            return try answers.isEmpty ? nil : reader.finding(answers)
        }
    }

    private func guestInfo(_ values: [(kind: MetadataKind, name: String)], _ reader: SourceReader) -> SourceCandidate {
        SourceCandidate(reader.provider) { (deadline) throws(DataSourceError) in
            let answers = try GuestInfo(program: GuestInfo.standardProgram, limit: reader.limits.answer)
                .answers(values, until: deadline)
            return try answers.isEmpty ? nil : reader.finding(answers)
        }
    }

    private func file(_ path: String) -> SourceCandidate {
        let (root, reader) = (root, SourceReader(provider: "file", limits: limits))
        return SourceCandidate("file \(path)") { (_) throws(DataSourceError) in
            let bytes: [UInt8]?
            do throws(SystemError) {
                bytes = try DirectoryHandle(root: root).read(FilePath(path), limit: reader.limits.answer)
            } catch { throw .wrong(path, error.cause) }
            guard let bytes else { throw .absent(path, "there is no such file") }
            var answers = SourceAnswers(from: path)
            answers.texts.append(.init(kind: .userData, bytes: bytes))
            return try reader.finding(answers)
        }
    }

    private func address(_ text: String) -> SourceCandidate {
        let (client, reader) = (client, SourceReader(provider: "url", limits: limits))
        let place = SourceRequest(text).withoutQuery
        return SourceCandidate(place, needsNetwork: true) { (deadline) throws(DataSourceError) in
            guard let bytes = try Fetch(client: client, deadline: deadline).body(of: text) else {
                throw .absent(place, "there is nothing")
            }
            var answers = SourceAnswers(from: place)
            answers.texts.append(.init(kind: .userData, bytes: bytes))
            answers.remarks = (try? HTTPAddress(text))?.plainNote.map { [$0] } ?? []
            return try reader.finding(answers)
        }
    }
}
