import ImageAssembly
import ImageModel
import Testing

@Suite("What machines would not read is not made")
struct ImageAssemblyErrorTests {
    @Test(
        "a file may be as long as machines read, and not longer",
        arguments: [
            (ImageFile.manifest, 262_144), (.signature, 8192), (.chunks, 33_554_432), (.kernelEnvironment, 65_536),
        ])
    func length(_ file: ImageFile, _ limit: Int) throws {
        try ImageAssemblyError.checkLength(limit, of: file)
        let error = #expect(throws: ImageAssemblyError.self) { try ImageAssemblyError.checkLength(limit + 1, of: file) }
        #expect(error?.subject == file.rawValue)
    }
}
