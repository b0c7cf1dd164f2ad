import Faults
import ImageModel
import SystemPackage
import Testing

@testable import ImageAssembly

@Suite("Errors of assembling")
struct ImageAssemblyErrorTests {
    @Test(
        "each kind has its reason",
        arguments: [
            (.noSpace, .space), (.damaged, .mismatch), (.wrongArchitecture, .architecture),
            (.unsuitable, .impossible), (.file, .impossible),
        ] as [(ImageAssemblyFault, RefusalKind)])
    func reasons(kind: ImageAssemblyFault, reason: RefusalKind) {
        #expect(RefusalKind(ImageAssemblyError(kind, "making", "it", "no", remedy: "Wait.")) == reason)
    }

    @Test("a full disk is one, whether full or over quota")
    func full() {
        #expect(RefusalKind(ImageAssemblyError.file("writing", "/a", .noSpace)) == .space)
        #expect(RefusalKind(ImageAssemblyError.file("writing", "/a", .diskQuotaExceeded)) == .space)
        #expect(RefusalKind(ImageAssemblyError.file("writing", "/a", .ioError)) == .impossible)
    }

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
