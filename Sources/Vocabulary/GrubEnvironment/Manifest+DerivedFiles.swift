package import ImageModel

extension Manifest {
    /// Makes the files of an image directory that are derived from the manifest: `kernel.env` and `boot.sha256`.
    ///
    /// Whoever writes an image directory writes them: the builder into a disk, the agent into a staging folder.
    ///
    /// - Throws: when the kernel arguments do not fit an environment block.
    package func derivedFiles() throws(EnvironmentBlockError) -> [(file: ImageFile, bytes: [UInt8])] {
        [
            (.kernelEnvironment, try EnvironmentBlock.kernelArguments(kernelArguments)),
            (.bootDigests, bootDigests),
        ]
    }
}
