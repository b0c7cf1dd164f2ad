import ImageAssembly
import ImageModel
import ImagePlanning
import JSONText
import LinuxSystem
import SoftwareBills
import SystemPackage

/// States of which images a disk was built.
struct DiskProvenance {
    let request: DiskRequest
    let images: DiskImages
    let layout: DiskLayout

    /// The file beside the disk.
    static func path(of disk: FilePath) -> FilePath { FilePath("\(disk).provenance.json") }

    /// Reads the disk for its digest, and writes the statement.
    ///
    /// - Throws: when either cannot be done.
    func write(progress: (String) -> Void) throws {
        progress("hashing the disk")
        let disk = try ImageFileDigest.of(request.output).sha256
        var parameters: JSONObject = [
            "format": .string(request.format.rawValue), "size": .integer(layout.size),
            "sectorSize": .integer(layout.sectorSize), "time": .integer(request.time),
        ]
        // It has no digest of its own; what is on it is in the disk's.
        parameters["oemFiles"] = .bool(request.oemFiles != nil)
        if !layout.extra.isEmpty {
            parameters["partitions"] = .array(layout.extra.map { .string($0.partition.description) })
        }
        let statement = ProvenanceStatement(
            "disk", of: [.init(request.output.lastComponent?.string ?? "disk", disk)], parameters: parameters,
            materials: try materials(), version: request.builderVersion)
        try AtomicFile.write(
            statement.serialized(), to: Self.path(of: request.output), permissions: ImageStaging.fileMode)
    }

    /// Each image once, by the digest of its manifest, which its id begins.
    private func materials() throws -> [ProvenanceStatement.Material] {
        let used = [images.active, images.passive, images.recovery].compactMap { $0 }
        var materials: [ProvenanceStatement.Material] = []
        for (number, image) in used.enumerated() where used.firstIndex(where: { $0.id == image.id }) == number {
            let digest = try ImageFileDigest.of(image.path.appending(ImageFile.manifest.rawValue)).sha256
            materials.append(.init(name: "\(image.manifest.name) \(image.manifest.version)", digest))
        }
        return materials
    }
}
