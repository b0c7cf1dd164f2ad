import LinuxSystem
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("Two builds with one cache")
struct BuildLockTests {
    @Test("are not made at a time, and the second one is told so")
    func second() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "build-lock")
        let cache = try BuildCache(folder.path)
        let first = try BuildLock(cache)
        try AtomicFile.write([1], to: folder.path.appending("work/begun"))
        #expect {
            _ = try BuildLock(cache)
        } throws: { "\($0)".contains("another boatyard builds with it") && "\($0)".contains("--cache-dir") }
        #expect(try FileStatus.of(folder.path.appending("work/begun")) != nil)
        withExtendedLifetime(first) {}
    }

    @Test("find what a killed one left removed")
    func leftovers() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "build-lock")
        let cache = try BuildCache(folder.path)
        try Folders.make(folder.path.appending("work/build-1/stage"))
        try AtomicFile.write([1], to: folder.path.appending("work/build-1/stage/file"))
        let blob = try cache.store([1])
        do { _ = try BuildLock(cache) }
        #expect(try Folders.names(of: folder.path.appending("work")) == [])
        #expect(try cache.has(blob))
        do { _ = try BuildLock(cache) }
    }

    @Test("let be what somebody fetches who does not build")
    func fetching() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "build-lock")
        let cache = try BuildCache(folder.path)
        let fetching = try FileLock(cache.fetchLock)
        try AtomicFile.write([1], to: folder.path.appending("work/begun"))
        do { _ = try BuildLock(cache) }
        #expect(try FileStatus.of(folder.path.appending("work/begun")) != nil)
        withExtendedLifetime(fetching) {}
    }
}
