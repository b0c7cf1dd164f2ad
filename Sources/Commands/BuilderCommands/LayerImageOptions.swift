import ArgumentParser
import BuildPlanning
import CommandOutput
import ContainerBuilds
import ImageBuilding
import ImageModel
import ImagePlanning
import LinuxSystem
import PackageBuilding
import PackageSpecs
import RegistryModel
import SoftwareBills
import SystemPackage

/// Holds how the image of a layer is built.
struct LayerImageOptions: ParsableArguments {
    @OptionGroup
    var containers: ContainerBuildOptions
    @Option(
        help: ArgumentHelp(
            "Also write the container image, the image's twin, as an OCI layout into this folder.", valueName: "dir"),
        completion: .directory)
    var container: String?

    @Option(
        name: .customLong("containerfile"),
        help: ArgumentHelp(
            "Build the Containerfile of this folder instead of a layer; its RUN lines reach the network.",
            valueName: "dir"), completion: .directory)
    var containerfile: String?

    /// The layer's folder for the path of its file, or of the folder itself.
    static func folder(of text: String) throws -> String {
        let path = FilePath(text)
        guard path.lastComponent == DerivativeSpec.fileName else {
            if try FileStatus.of(path.appending(DerivativeSpec.fileName)) != nil { return text }
            throw ValidationError("\(text): name the \(DerivativeSpec.fileName) of a layer, or its folder")
        }
        let folder = path.removingLastComponent()
        return folder.isEmpty ? "." : folder.string
    }

    /// Builds the container image of a layer, as far as something has changed.
    ///
    /// - Parameter checking: whether what is done last is done twice, and told where it is not the same.
    /// - Returns: what the layer says, and the container image; nil inside, when all is built.
    /// - Throws: `PackagesFailed`; as `LayerImage.make`; inside `ExitCode` when both are not the same.
    func build(_ layer: LayerOptions, checking: Bool, _ output: Output) throws -> LayerImageBuild? {
        var session = try session(layer, output)
        let inside = Enclosure.entered
        if inside == nil, containerfile == nil { try BuildStart.complete(&session, locked: containers.locked, output) }
        var image = try LayerImage(of: session, inside ?? containers.storage)
        image.keepsFailed = containers.keepFailed
        let report = PackageBuildReport(output)
        if let inside {
            try build(&image, session, inside, report) { image in
                if checking { try Self.compare(image, report, output) }
            }
            return nil
        }
        image.isDry = true
        // Here nothing is built, and what fails is told all the same.
        var result = try image.make { if case .failed = $0 { report.tell($0) } }
        var isSame = true
        if result.summary.failures.isEmpty, result.image == nil || checking {
            do { try BuildStart.inside(session, containers.storage) } catch let end as ExitCode
                where checking && end.rawValue == ExitStatus.negative
            { isSame = false }
            result = try image.make { _ in }
        }
        guard let reference = result.image else { throw PackagesFailed(result.summary) }
        if let container {
            try ContainerTwin.write(reference, to: FilePath(container), tag: image.derivative?.version ?? "latest")
        }
        let hasTime = ThisProcess.variable("SOURCE_DATE_EPOCH") != nil
        for note in image.reproduction(of: result, hasTime: hasTime).sentences { output.note(note) }
        return LayerImageBuild(
            derivative: image.derivative, container: reference, base: image.base, isSame: isSame)
    }

    /// Does what is done last once more, and tells what is not the same then.
    ///
    /// - Throws: `ExitCode` when something is not; as `LayerImage.unequal`.
    private static func compare(_ image: LayerImage, _ report: PackageBuildReport, _ output: Output) throws {
        let unequal = try image.unequal { report.tell($0) }
        for file in unequal { output.warn("not the same when it is built twice: \(file)") }
        if !unequal.isEmpty { throw ExitCode(ExitStatus.negative) }
    }

    private func session(_ layer: LayerOptions, _ output: Output) throws -> LayerSession {
        guard let containerfile else { return try layer.session(output) }
        var layer = layer
        layer.layer = containerfile
        return try LayerSession(containerfileIn: layer.choice())
    }

    private func build(
        _ image: inout LayerImage, _ session: LayerSession, _ driver: BuildStore.Driver, _ report: PackageBuildReport,
        then body: (LayerImage) throws -> Void
    ) throws {
        image.jobs = containers.jobs
        let lock = try BuildLock(session.cache)
        try withExtendedLifetime(lock) {
            Buildah(BuildStore(in: session.cache.folder, driver)).removeAll()
            let summary = try image.make { report.tell($0) }.summary
            guard summary.failures.isEmpty else { throw PackagesFailed(summary) }
            try body(image)
        }
    }
}

/// The container image of a layer, and what its file says of the image that is made of it.
struct LayerImageBuild {
    /// What the file says; nil for a Containerfile.
    var derivative: DerivativeSpec?
    /// The container image, in a layout of the cache.
    var container: SourceReference
    /// What the base is called, and the digest that it is locked to; nil for an image of packages alone.
    var base: (reference: SourceReference, version: String?, digest: Digest)?
    /// Whether what is done last came out the same twice; true also where that was not asked.
    var isSame: Bool

    /// Says in the manifest and in the bill of materials what the file says; what the command line says counts more, and
    /// adds to lists.
    func apply(to request: inout ImageRequest) {
        derivative?.apply(to: &request)
        guard let base else { return }
        let (version, digest) = (base.version, base.digest)
        switch base.reference {
        case .registry(let image):
            request.base = SoftwareBill.Base(image.name, tag: version ?? image.tag, digest: digest, isContainer: true)
        case .layout(let entry), .archive(let entry), .file(let entry), .iso(let entry):
            // No path of this machine is anybody's business.
            let name = entry.path.lastComponent?.string ?? "base"
            request.base = SoftwareBill.Base(name, tag: version ?? entry.tag, digest: digest, isContainer: true)
        case .imageDirectory: break
        }
    }
}

extension DerivativeSpec {
    fileprivate func apply(to request: inout ImageRequest) {
        (request.name, request.version) = (name, version)
        request.sequence = request.sequence ?? sequence
        request.kernelArguments = kernelArguments + request.kernelArguments
        request.boards += boards
        request.minimumAgent = request.minimumAgent ?? minimumAgent
        request.kernelVersion = request.kernelVersion ?? kernelVersion.map { KernelVersion($0) }
        request.allowedChecks.formUnion(checks.allowed)
        request.sizeLimits = sizes
        (request.setuid, request.worldWritable) = (checks.setuid, checks.worldWritable)
    }
}
