import SystemPackage
import Testing

@testable import ContainerBuilds

@Suite("Where buildah keeps things")
struct BuildStoreTests {
    @Test("is a folder for each way of laying layers, which every call names")
    func options() {
        let store = BuildStore(in: "/cache", .overlay)
        #expect(
            store.options == [
                "--root", "/cache/store-overlay/root", "--runroot", "/cache/store-overlay/run", "--storage-driver",
                "overlay",
            ])
        #expect(BuildStore(in: "/cache", .vfs).folder == "/cache/store-vfs")
    }

    @Test("has a note for each container that is kept, which goes with the store")
    func note() { #expect(BuildStore(in: "/cache", .vfs).note(of: "ab") == "/cache/store-vfs/kept/ab") }

    @Test("is named to people who enter a container")
    func entry() {
        let words = Buildah(BuildStore(in: "/cache", .vfs)).entry(to: "build-1")
        #expect(words.first == "buildah" && words.contains("/cache/store-vfs/root"))
        #expect(words.suffix(5) == ["chroot", "--tty", "build-1", "--", "/bin/sh"])
    }
}

@Suite("What steps find in their environment")
struct BuildContainerEnvironmentTests {
    @Test("says nothing of who builds, and lets the package say otherwise")
    func environment() {
        let words = BuildContainer.environment(epoch: 7, ["LANG": "de_DE.UTF-8", "OWN": "a=b"])
        #expect(
            words == [
                "HOME=/root", "LANG=de_DE.UTF-8", "LC_ALL=C.UTF-8", "OWN=a=b",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONDONTWRITEBYTECODE=1",
                "SOURCE_DATE_EPOCH=7", "TZ=UTC",
            ])
    }
}
