// The pipeline of `boatyard image build`, to be read from top to bottom.
import Archives
package import Cryptography
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Builds an image out of a root filesystem, without privileges and without a staging tree.
package struct ImageBuilder {
    private let request: ImageRequest
    private let progress: (ImageProgress) -> Void

    /// Builds an image and gives its folder its name when all of it is on the disk.
    ///
    /// - Throws: what stands in the way; nothing is left behind then.
    package static func build(
        _ request: ImageRequest, key: borrowing SigningKey, progress: @escaping (ImageProgress) -> Void = { _ in }
    ) throws -> ImageBuildResult {
        try ImageBuilder(request: request, progress: progress).run(key)
    }

    private func run(_ key: borrowing SigningKey) throws -> ImageBuildResult {
        try checkOptions()
        let staging = try ImageStaging(for: request.output)
        let rootfs = try ImageRootfs(request.rootfs, progress: progress)
        let findings = try pack(rootfs, in: staging.path)
        try check(findings, signer: key.publicKey())
        let (kernel, initrd) = try placeBootFiles(findings, in: staging.path)
        let (root, index) = try ImageRootFile.finish(path(.root, in: staging.path), progress: progress)
        var manifest = try manifest(findings, root: root, kernel: kernel, initrd: initrd)
        manifest.source = rootfs.source
        manifest.chunks = try write(index.serialized(), .chunks, to: staging)
        let bytes = manifest.serialized()
        let identity = try write(bytes, .manifest, to: staging)
        let signature = SignatureFile(signatures: [try key.sign(bytes)])
        _ = try write(signature.serialized(), .signature, to: staging)
        progress(ImageProgress("flushing", done: 0))
        try staging.commit()
        return ImageBuildResult(
            id: ImageID(manifestDigest: identity.sha256), manifest: manifest, notes: findings.notes.counts)
    }

    private func path(_ file: ImageFile, in folder: FilePath) -> FilePath { folder.appending(file.rawValue) }

    /// Refuses options that the manifest's reader would refuse, before any work is done.
    private func checkOptions() throws {
        let arguments = request.kernelArguments
        guard let wrong = arguments.first(where: { !ManifestText.isKernelArgument($0) }) else {
            guard arguments.joined(separator: " ").utf8.count <= ManifestText.maximumKernelArguments else {
                throw refused("kernel arguments", "longer than \(ManifestText.maximumKernelArguments) bytes together")
            }
            return
        }
        throw refused("kernel argument '\(wrong)'", "expected printable ASCII without space, quotes, '\\' and '$'")
    }

    private func refused(_ subject: String, _ cause: String) -> ImageBuildError {
        ImageBuildError("taking", subject, cause, remedy: "Give another value")
    }

    private func pack(_ rootfs: ImageRootfs, in staging: FilePath) throws -> ImageFilter.Findings {
        try ImageSquashfs.make(path(.root, in: staging), request, time: request.createdAt) { writer in
            var filter = ImageFilter(
                staging: staging, latest: request.sourceDate?.seconds, writer: writer, progress: progress)
            switch rootfs {
            case .directory(let folder):
                var source = try DirectorySource(path: folder)
                return try filter.run(&source)
            case .layers(let layers, let whiteouts, _):
                var source = try LayeredSource(layers: layers, whiteouts: whiteouts)
                return try filter.run(&source)
            }
        }
    }

    private func check(_ findings: ImageFilter.Findings, signer: PublicKey) throws {
        guard findings.hasInit else {
            throw ImagePlanningError(
                "looking for the first process in", "there is no /sbin/init and no systemd",
                remedy: "Install an init system")
        }
        if !request.allowsForeignKeys { try ImageKeys.check(findings.texts, signer: signer) }
    }

    /// Gives the chosen kernel and initrd their names and removes the others.
    private func placeBootFiles(
        _ findings: ImageFilter.Findings, in staging: FilePath
    ) throws -> (kernel: Manifest.File, initrd: Manifest.File) {
        let choice = try BootFileChoice(
            kernels: findings.kernels, initrds: findings.initrds, version: request.kernelVersion)
        for candidate in findings.kernels + findings.initrds {
            let file = staging.appending(ImageFilter.name(of: candidate))
            switch candidate {
            case choice.kernel: try FolderContent.rename(file, to: path(.kernel, in: staging))
            case choice.initrd: try FolderContent.rename(file, to: path(.initrd, in: staging))
            default: try FolderContent.removeFile(file)
            }
        }
        return (
            try ImageFileDigest.of(path(.kernel, in: staging)), try ImageFileDigest.of(path(.initrd, in: staging))
        )
    }

    private func manifest(
        _ findings: ImageFilter.Findings, root: Manifest.Root, kernel: Manifest.File, initrd: Manifest.File
    ) throws -> Manifest {
        guard let release = RootfsRules.osReleases.lazy.compactMap({ findings.texts[$0] }).first else {
            throw ImagePlanningError(
                "reading os-release of", "neither /etc/os-release nor /usr/lib/os-release is a file",
                remedy: "Install what names the system, such as base-files")
        }
        let fields = OSReleaseText.fields(of: release)
        let field: (String) -> String? = { name in fields.first { $0.name == name }?.value }
        var manifest = Manifest(
            name: request.name ?? field("IMAGE_ID") ?? field("ID") ?? "linux",
            version: request.version ?? field("IMAGE_VERSION") ?? field("VERSION_ID") ?? "0",
            sequence: request.sequence ?? max(0, request.createdAt.seconds), createdAt: request.createdAt,
            architecture: findings.architecture ?? ImageArchitecture.host, osRelease: fields, root: root,
            kernel: kernel, initrd: initrd)
        manifest.kernelArguments = request.kernelArguments
        manifest.boards = request.boards
        manifest.minimumAgent = request.minimumAgent
        // What is signed must be what a machine can read.
        var readBack = try Manifest(parsing: manifest.serialized())
        readBack.document = manifest.document
        guard readBack == manifest else { throw refused("the manifest", "it does not read back as it was written") }
        return manifest
    }

    private func write(
        _ bytes: [UInt8], _ file: ImageFile, to staging: borrowing ImageStaging
    ) throws -> Manifest.File {
        try staging.write(bytes, file.rawValue)
        return Manifest.File(size: bytes.count, sha256: try SHA256Hasher.digest(of: bytes))
    }
}
