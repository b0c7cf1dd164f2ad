import BlockDevices
import Faults
import InstanceData
import LinuxSystem
import SystemPackage

/// Looks for filesystems with labels on all block devices, and reads files from them.
struct VolumeSearch {
    /// What takes a look at one device: the prober, or that of a test.
    typealias Look = @Sendable (FilePath) -> Result<BlockDevice, BlockDeviceError>

    /// Devices whose filesystem has a label, in byte order of their names.
    private(set) var devices: [BlockDevice] = []
    /// Who did not answer, or could not be read.
    private(set) var remarks: [String] = []

    /// No data were ever meant for a machine on more than a few volumes.
    private static let mostVolumes = 8

    static let probe: Look = { path in
        Result { () throws(BlockDeviceError) in try BlockDevice.probe(path) }
    }

    /// Looks at the devices, each disk beside the others; one that does not answer in time is told and not waited for.
    ///
    /// - Throws: `SystemError` when the kernel has nothing left to wait with.
    init(
        _ disks: [[FilePath]], until deadline: Deadline, look: @escaping Look = probe
    ) throws(SystemError) {
        let works = disks.map { paths -> @Sendable () -> [Result<BlockDevice, BlockDeviceError>] in
            { paths.map(look) }
        }
        let found = try OrderedRace.run(works, until: deadline) { _ in false }
        for (paths, results) in zip(disks, found) {
            for result in results ?? [] { take(result) }
            if results == nil, let disk = paths.first { remarks.append("\(disk) did not answer in time") }
        }
        devices.sort { $0.path.string < $1.path.string }
    }

    private mutating func take(_ result: Result<BlockDevice, BlockDeviceError>) {
        switch result {
        case .success(let device):
            if device.label != nil { devices.append(device) }
            if let problem = device.problem { remarks.append("\(device.path): \(problem)") }
        case .failure(let error):
            // An empty drive is no fault.
            if !error.isWithoutMedium { remarks.append("\(error.subject): \(error.cause)") }
        }
    }

    /// The devices with one of the labels: those with the first label first.
    func devices(labels: [String]) -> [BlockDevice] {
        Array(labels.flatMap { label in devices.filter { $0.label == label } }.prefix(Self.mostVolumes))
    }

    /// Reads what a volume has of the files; nil when it has none of them.
    ///
    /// It is mounted where nobody sees it, read-only and without devices or programs, and for this reading alone.
    ///
    /// - Throws: `DataSourceError` for a filesystem that is not read, `SystemError` when it cannot be mounted.
    static func read(
        _ device: BlockDevice, _ files: [(kind: MetadataKind, paths: [String])], types: [String], limit: Int
    ) throws -> SourceAnswers? {
        // The kind that the kernel is asked for is one of these, whatever a device claims to be.
        guard let type = device.filesystemType, (types + ["ext4"]).contains(type) else {
            throw DataSourceError.wrong(
                device.path.string, "its filesystem \(device.filesystemType ?? "of no known kind") is not read")
        }
        return try UnseenMount(of: device.path, filesystem: type, readOnly: true).use { folder in
            try read(folder, from: device.path.string, files, limit: limit)
        }
    }

    /// Reads what a folder has of the files; nil when it has none of them.
    ///
    /// No link in it leads out of it.
    static func read(
        _ folder: FilePath, from place: String, _ files: [(kind: MetadataKind, paths: [String])], limit: Int
    ) throws(SystemError) -> SourceAnswers? {
        let handle = try DirectoryHandle(root: folder)
        var answers = SourceAnswers(from: place)
        for file in files {
            for path in file.paths {
                do throws(SystemError) {
                    guard let bytes = try handle.read(FilePath(path), limit: limit) else { continue }
                    answers.texts.append(.init(kind: file.kind, bytes: bytes))
                    break
                } catch { answers.miss("\(path) on \(place) cannot be read: \(error.cause)") }
            }
        }
        return answers.isEmpty ? nil : answers
    }
}
