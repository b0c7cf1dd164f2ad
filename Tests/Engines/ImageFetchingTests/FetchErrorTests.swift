import Faults
import ImageModel
import SystemPackage
import Testing

@testable import ImageFetching

@Suite("Errors of fetching")
struct FetchErrorTests {
    @Test(
        "each kind has its reason",
        arguments: [
            (.noSpace("/staging", needed: 2, free: 1), .space),
            (.fullDownloadForbidden(.root, "there is nothing to copy from", bytes: 2), .fullDownload),
            (.corrupted("reading", "a chunk", "its digest is another"), .mismatch),
            (.unusable("manifest.json", "it is missing"), .impossible),
        ] as [(FetchError, RefusalKind)])
    func reasons(error: FetchError, reason: RefusalKind) {
        #expect(RefusalKind(error) == reason)
    }
}
