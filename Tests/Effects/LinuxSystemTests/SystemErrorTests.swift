import Faults
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Errors of calls")
struct SystemErrorTests {
    @Test(
        "a full filesystem has a reason of its own, and nothing else has",
        arguments: [(.noSpace, .space), (.ioError, .impossible), (.permissionDenied, .impossible)]
            as [(Errno, RefusalKind)])
    func reasons(errno: Errno, reason: RefusalKind) {
        #expect(RefusalKind(SystemError.file("writing", "/a", errno)) == reason)
    }

    @Test("the error number is that of the call, and none where no call failed")
    func numbers() {
        #expect(SystemError.file("writing", "/a", .ioError).errno == .ioError)
        #expect(SystemError.notKept("/a").errno == .ioError)
        #expect(SystemError.tooLarge("/a", limit: 1).errno == nil)
        #expect(
            "\(SystemError.tooLarge("/a", limit: 1))" == "reading /a: larger than 1 bytes. Check what wrote the file.")
    }
}
