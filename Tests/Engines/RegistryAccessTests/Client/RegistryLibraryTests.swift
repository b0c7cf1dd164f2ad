import Testing

@testable import RegistryAccess

@Suite("The library for registries") struct RegistryLibraryTests {
    @Test("works without a network and says its version")
    func works() throws {
        #expect(try RegistryLibrary.selfTest().hasPrefix("libcurl/"))
    }
}
