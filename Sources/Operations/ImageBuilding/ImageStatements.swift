import ImageAssembly
import ImageModel
import JSONText
import RegistryModel
import SoftwareBills
import SystemPackage

/// Writes what is said of a new image beside it: the bill of its software, and how it was built.
struct ImageStatements {
    private let request: ImageRequest
    private let source: Digest?
    private let isContainer: Bool

    /// Prepares to write.
    init(_ request: ImageRequest, _ rootfs: ImageRootfs) {
        self.request = request
        source = rootfs.source
        isContainer = rootfs.isContainer
    }

    /// Writes both and puts their digests into the manifest.
    func write(_ inventory: RootInventory, for manifest: inout Manifest, to staging: borrowing ImageStaging) throws {
        let findings = inventory.findings
        let bill = SoftwareBill(
            of: BilledSubject(manifest), tool: "boatyard-\(request.builderVersion)", organization: request.organization,
            base: base,
            packages: findings.packages, notes: findings.notes)
        let path = staging.path.appending(ImageDocument.sbom.rawValue)
        manifest.sbom = try inventory.write(bill, to: path)
        let statement = provenance(manifest, findings.packages)
        var output = try StagedOutput(staging.path.appending(ImageDocument.provenance.rawValue))
        try output.append(statement.serialized())
        manifest.provenance = try output.finish()
    }

    /// What the image is made from, by names that are the same wherever it is built.
    private var base: SoftwareBill.Base? {
        if let base = request.base { return base }
        guard let source else { return nil }
        let base: (String, String?) -> SoftwareBill.Base = {
            SoftwareBill.Base($0, tag: $1, digest: source, isContainer: isContainer)
        }
        switch request.rootfs {
        case .registry(let reference): return base(reference.name, reference.tag)
        case .layout(let entry), .archive(let entry), .iso(let entry), .file(let entry):
            return base(entry.path.lastComponent?.string ?? "root", entry.tag)
        case .imageDirectory(let path): return base(path.lastComponent?.string ?? "root", nil)
        }
    }

    private func provenance(_ manifest: Manifest, _ packages: [InstalledSoftware]) -> ProvenanceStatement {
        var subjects = manifest.bootedFiles.map { ProvenanceStatement.Subject($0.file.rawValue, $0.expected.sha256) }
        if let chunks = manifest.chunks { subjects.append(.init(ImageFile.chunks.rawValue, chunks.sha256)) }
        if let sbom = manifest.sbom { subjects.append(.init(ImageDocument.sbom.rawValue, sbom)) }
        var materials =
            base.map { [ProvenanceStatement.Material(uri: SPDXDocument.url(of: $0), name: $0.name, $0.digest)] } ?? []
        materials += packages.filter { $0.kind == .boatyard }.compactMap { package in
            package.digest.map { .init(uri: package.genericURL, $0) }
        }
        return ProvenanceStatement(
            "image", of: subjects, parameters: parameters(manifest), materials: materials + request.materials,
            version: request.builderVersion)
    }

    private func parameters(_ manifest: Manifest) -> JSONObject {
        var parameters: JSONObject = [
            "name": .string(manifest.name), "version": .string(manifest.version),
            "sequence": .integer(manifest.sequence), "architecture": .string(manifest.architecture),
            "kernelArguments": .array(manifest.kernelArguments.map { .string($0) }),
            "boards": .array(manifest.boards.map { .string($0) }),
            "blockSize": .integer(Int64(request.blockSize)),
            "compressionLevel": .integer(Int64(request.compressionLevel)),
            "allowedChecks": .array(request.allowedChecks.sorted().map { .string($0) }),
        ]
        parameters["minimumAgent"] = manifest.minimumAgent.map { .string("\($0)") }
        parameters["kernelVersion"] = request.kernelVersion.map { .string("\($0)") }
        parameters["sourceDate"] = request.sourceDate.map { .string("\($0)") }
        return parameters
    }
}
