// What `boatyard image build` asks of what it packs, asked of anything that is or may become an image.
import Archives
package import Cryptography
import Faults
import ImageAssembly
import ImageFolders
import ImageModel
package import ImagePlanning
import LinuxSystem
package import RegistryModel
package import SystemPackage

/// Looks at a root filesystem, or at a finished image, and says what keeps it from booting.
package struct ImageLinter {
    private let request: LintRequest
    private let progress: (TransferProgress) -> Void

    /// Runs all checks.
    ///
    /// - Throws: what kept them from being asked: that is no verdict.
    package static func findings(
        _ request: LintRequest, progress: @escaping (TransferProgress) -> Void = { _ in }
    ) throws -> [ImageFinding] {
        ImageChecks.findings(of: try facts(request, progress: progress))
    }

    /// Gathers what is known, for checks of another kind.
    ///
    /// - Throws: what kept it from being looked at.
    static func facts(
        _ request: LintRequest, progress: @escaping (TransferProgress) -> Void = { _ in }
    ) throws -> ImageFacts {
        try ImageLinter(request: request, progress: progress).facts()
    }

    private func facts() throws -> ImageFacts {
        if let folder = try request.subject.imageFolder { return try imageFacts(folder) }
        let scratch = try PrivateFolder(in: request.scratch, prefix: "boatyard-\(ThisProcess.identifier)")
        let rootfs = try ImageRootfs(request.subject, request.access, in: scratch.path, progress: progress)
        var findings = try rootfs.run(in: scratch.path) { isTentative in
            RootPacker(
                staging: scratch.path, latest: nil, writer: nil, isTentative: isTentative, progress: progress)
        }
        let (choice, fault) = choose(findings)
        findings.kernel = choice?.kernel
        let initrd = choice.flatMap { findings.staged[$0.initrd.path] }.map { scratch.path.appending($0) }
        var facts = try inspect(findings, initrd)
        facts.bootFileFault = fault
        return facts
    }

    /// Kernel and initrd, or why there are none.
    private func choose(_ findings: RootFindings) -> (BootFileChoice?, String?) {
        do throws(ImagePlanningError) {
            return (
                try BootFileChoice(
                    kernels: findings.kernels, initrds: findings.initrds, modules: findings.moduleVersions,
                    version: request.kernelVersion), nil
            )
        } catch { return (nil, error.cause) }
    }

    /// What is known of a finished image, whose kernel and initrd lie beside its root.
    private func imageFacts(_ folder: FilePath) throws -> ImageFacts {
        let image = try ImageFolder(folder)
        let scratch = try PrivateFolder(in: request.scratch, prefix: "boatyard-\(ThisProcess.identifier)")
        var source = try SquashfsSource(path: image.path(of: .root))
        var packer = RootPacker(staging: scratch.path, latest: nil, writer: nil, progress: progress)
        var findings = try packer.run(&source)
        let head = try FileRange.read(image.path(of: .kernel), at: 0, count: KernelImageVersion.headLength)
        let header = KernelHeader(head: head)
        // A kernel that does not say its version may be that of the only modules there are.
        let version = header?.version ?? (findings.moduleVersions.count == 1 ? findings.moduleVersions.first : nil)
        if let version {
            findings.kernel = .init(version: version, path: ImageFile.kernel.rawValue, header: header)
        }
        return try inspect(findings, image.path(of: .initrd), image.manifest.kernelArguments)
    }

    private func inspect(
        _ findings: RootFindings, _ initrd: FilePath?, _ arguments: [String] = []
    ) throws -> ImageFacts {
        try ImageInspection(request.signer == nil ? .looking : .signing, signer: request.signer)
            .facts(findings, initrd: initrd, arguments: arguments + request.kernelArguments)
    }
}

/// Says what to look at.
package struct LintRequest: Sendable {
    /// What `boatyard image build` takes as a root filesystem, or the folder of an image.
    package var subject: SourceReference
    /// How a registry is reached.
    package var access = RegistryConfiguration(authFiles: [])
    /// The key that signs or signed it; nil when that is not asked.
    package var signer: PublicKey?
    /// The kernel to take; nil takes the newest.
    package var kernelVersion: KernelVersion?
    /// Kernel arguments that it will get.
    package var kernelArguments: [String] = []

    /// Where files go that are needed for a moment, `TMPDIR` or `/tmp` unless another is named.
    package var scratch: FilePath

    /// Names what to look at.
    package init(_ subject: SourceReference) {
        self.subject = subject
        scratch = ThisProcess.variable("TMPDIR").flatMap { $0.isEmpty ? nil : FilePath($0) } ?? "/tmp"
    }
}
