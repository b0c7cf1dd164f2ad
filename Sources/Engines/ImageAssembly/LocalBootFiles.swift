import Cryptography
// A container made out of the root of a running system has no kernel and no initrd: the builder took them out of the root
// (RootfsRules). They still are in the image that the machine runs, and fit as long as the modules are of that version.
import ImageFolders
import ImageModel
package import ImagePlanning
import LinuxSystem
package import SystemPackage

/// An image on this machine whose kernel and initrd may be used again.
package struct LocalBootFiles: Sendable {
    /// The image's folder.
    package var directory: FilePath
    /// Where its root is mounted, to compare; nil when it is not.
    package var root: FilePath?

    private static let blockLength = 1 << 20

    /// Names an image.
    package init(directory: FilePath, root: FilePath? = nil) {
        self.directory = directory
        self.root = root
    }

    /// The version of its kernel; nil when the file does not say.
    ///
    /// - Throws: `SystemError` when the kernel cannot be read.
    package func version() throws -> KernelVersion? {
        let kernel = directory.appending(ImageFile.kernel.rawValue)
        return KernelImageVersion.version(head: try FileRange.read(kernel, at: 0, count: KernelImageVersion.headLength))
    }

    /// Copies kernel and initrd into a folder, checked against the image's manifest.
    ///
    /// - Returns: their sizes and digests, and the image that they are from.
    /// - Throws: `ImageAssemblyError` when they are not what the manifest says, or the disk is full.
    func copy(to staging: FilePath) throws -> (kernel: Manifest.File, initrd: Manifest.File, image: ImageID) {
        let image = try ImageFolder(directory)
        try copy(.kernel, image.manifest.kernel, to: staging)
        try copy(.initrd, image.manifest.initrd, to: staging)
        return (image.manifest.kernel, image.manifest.initrd, image.id)
    }

    private func copy(_ file: ImageFile, _ expected: Manifest.File, to staging: FilePath) throws {
        let source = directory.appending(file.rawValue)
        let target = staging.appending(file.rawValue)
        do throws(Errno) {
            let input = try OwnedDescriptor(opening: source)
            let output = try OwnedDescriptor(
                opening: target, .writeOnly, options: [.create, .truncate, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try Self.copy(input.descriptor, to: output.descriptor)
            try output.close()
        } catch {
            throw ImageAssemblyError.file("copying", source, error)
        }
        guard try ImageFileDigest.of(target) == expected else {
            throw ImageAssemblyError(
                .damaged, "copying", source.string, "it is not what the manifest beside it says",
                remedy: "Install an image that brings its own kernel and initrd.")
        }
    }

    private static func copy(_ input: FileDescriptor, to output: FileDescriptor) throws(Errno) {
        var buffer = [UInt8](repeating: 0, count: blockLength)
        while case let count = try FileBlock.read(input, into: &buffer), count > 0 {
            try FileBlock.write(buffer.span.extracting(0..<count), to: output)
        }
    }
}
