import DiskContract
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Makes what machines load from the network: a script for iPXE, and a folder for each image beside it.
///
/// Order: the files of the image's folder, each beside the one that it replaces, flushed, then named; the script last. Who is
/// loading meanwhile, or after a cut, gets the old script or the new one, and whole files.
package enum NetbootBuilder {
    /// Makes it; folders of other images stay.
    ///
    /// - Parameter progress: is told each step as it begins.
    /// - Throws: when the image is not whole, something cannot be carried, or nothing can be written.
    @discardableResult
    package static func build(
        _ request: NetbootRequest, progress: (String) -> Void = { _ in }
    ) throws -> NetbootReport {
        let image = try DiskImageSource(request.image)
        let staging = FilePath("\(request.output)/.\(image.id).staging")
        try Folders.remove(staging, .tree)
        try Folders.make(staging)
        defer { try? Folders.remove(staging, .tree) }
        return try NetbootJob(request: request, image: image, staging: staging).run(progress)
    }
}

/// Carries one build through its steps.
private struct NetbootJob {
    let request: NetbootRequest
    let image: DiskImageSource
    let staging: FilePath

    private var target: FilePath { request.output.appending(image.id.description) }

    func run(_ progress: (String) -> Void) throws -> NetbootReport {
        let archive = try archive()
        let memory = LiveMemory.needed(for: archive.size)
        let script = try script(memory)
        progress("writing")
        let made = staging.appending("made")
        try Folders.makeNew(made)
        try copy(.kernel, to: made)
        try copy(.initrd, to: made)
        try archive.write(to: made.appending("medium.cpio"))
        try publish(made)
        try AtomicFile.write(Array(script.utf8), to: request.output.appending(NetbootScript.name))
        return NetbootReport(memory: memory, size: try size())
    }

    private func archive() throws -> MediumArchive {
        let configuration = MediumConfiguration(
            oemFiles: request.oemFiles,
            installation: MediumInstallation(
                file: request.installation, passphrase: request.passphrase, images: [image.id], sign: request.sign,
                staging: staging))
        let entries = try image.entries(staging: staging).map { try MediaEntry($0) } + configuration.entries()
        return MediumArchive(
            // A medium's rules hold: what starts from here can start from a stick, too.
            entries: try MediaContent(entries).entries, time: request.time ?? image.manifest.createdAt.seconds)
    }

    private func script(_ memory: Int64) throws -> String {
        let script = NetbootScript(
            image.id, title: "\(image.manifest.name) \(image.manifest.version)",
            arguments: image.manifest.kernelArguments, memory: memory,
            hasInstallation: request.installation != nil, isUnattended: request.isUnattended)
        if let argument = script.foreignArgument { throw NetbootError.argument(argument) }
        return script.text
    }

    /// Copies a file, with zeros behind it up to where an archive may begin: kernels for UEFI join initrds as they are.
    private func copy(_ file: ImageFile, to folder: FilePath) throws {
        var output = try StagedOutput(folder.appending(file.rawValue))
        let source = image.path.appending(file.rawValue)
        try output.append(contentOf: source)
        if file == .initrd { try output.append(CpioEntry.padding(after: try FileStatus.of(source)?.size ?? 0)) }
        _ = try output.finish()
    }

    private func publish(_ made: FilePath) throws {
        try Folders.flush(made)
        try Folders.make(target)
        for name in try Folders.names(of: made) {
            try Folders.rename(made.appending(name), to: target.appending(name))
        }
        try Folders.flushEntry(target)
        try Folders.flushEntry(request.output)
    }

    private func size() throws -> Int64 {
        try Folders.names(of: target).reduce(0) { $0 + (try FileStatus.of(target.appending($1))?.size ?? 0) }
    }
}
