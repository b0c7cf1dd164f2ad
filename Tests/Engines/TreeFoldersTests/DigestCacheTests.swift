import Cryptography
import Faults
import Foundation
import ImageModel
import LinuxSystem
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import TreeFolders

extension Workspace {
    /// Lists the folder `t` with a cache that believes in another time.
    fileprivate borrowing func reading(after seconds: Int64 = 1_000) throws -> TreeReading {
        var cache = try DigestCache(
            in: place("cache"), of: place("t"), now: WallClock.secondsSince1970 + seconds)
        let reading = try TreeReading.folder(place("t"), cache: &cache)
        try cache.save()
        return reading
    }
}

@Suite("Digests of files that did not change")
struct DigestCacheTests {
    private static func space() throws -> Workspace {
        let space = try Workspace()
        try space.run("mkdir -p t/d; echo a > t/a; echo b > t/d/b; echo c > t/c")
        return space
    }

    @Test("a file that did not change is not read again, and nothing is written when nothing is new")
    func unchanged() throws {
        let space = try Self.space()
        let first = try space.reading()
        #expect(first.hashedCount == 3)
        let inode = try space.run("stat -c '%i %a' cache/*")
        let second = try space.reading()
        #expect(second.hashedCount == 0 && second.listing == first.listing)
        #expect(try space.run("stat -c '%i %a' cache/*") == inode)
        #expect(inode.hasSuffix(" 600\n"))
    }

    @Test("a folder that is listed twice is read once without a file, but for what has changed")
    func listedTwice() throws {
        let space = try Self.space()
        var cache = DigestCache(learningSince: WallClock.secondsSince1970 + 1_000)
        #expect(try TreeReading.folder(space.place("t"), cache: &cache).hashedCount == 3)
        #expect(try TreeReading.folder(space.place("t"), cache: &cache).hashedCount == 0)
        try space.run("chmod 700 t/a; mv t/c t/e")
        let reading = try TreeReading.folder(space.place("t"), cache: &cache)
        let listing = try TreeReading.folder(space.place("t")).listing
        #expect(reading.hashedCount == 2 && listing == reading.listing)
        try cache.save()
        #expect(try space.run("ls") == "t\n")
        // What may have changed in this moment is read again.
        var fresh = DigestCache(learningSince: WallClock.secondsSince1970)
        for _ in 0..<2 { #expect(try TreeReading.folder(space.place("t"), cache: &fresh).hashedCount == 3) }
        var none = DigestCache()
        for _ in 0..<2 { #expect(try TreeReading.folder(space.place("t"), cache: &none).hashedCount == 3) }
    }

    @Test("through another mount a file is known again, unless anything else of it is another")
    func mounts() throws {
        let digest = try SHA256Hasher.digest(of: [1])
        var mounted = DigestCache(learningSince: 1_000, isMounted: true)
        var plain = DigestCache(learningSince: 1_000)
        let stamp = FileStamp(device: 1, inode: 2, size: 3, modified: 4, changed: 5)
        mounted.record(digest, of: "a", stamp)
        plain.record(digest, of: "a", stamp)
        var other = stamp
        other.device = 7
        #expect(mounted.digest(of: "a", other) == digest && plain.digest(of: "a", other) == nil)
        for change in [\FileStamp.changed, \.modified, \.size] as [WritableKeyPath<FileStamp, Int64>] {
            var changed = other
            changed[keyPath: change] += 1
            #expect(mounted.digest(of: "a", changed) == nil)
        }
        other.inode = 9
        #expect(mounted.digest(of: "a", other) == nil && plain.digest(of: "a", stamp) == digest)
    }

    @Test("a file is not believed for the time within which another change would look the same")
    func settling() throws {
        let space = try Self.space()
        for _ in 0..<2 { #expect(try space.reading(after: 0).hashedCount == 3) }
        #expect(try space.reading(after: 1_000).hashedCount == 3)
        #expect(try space.reading(after: 0).hashedCount == 0)
    }

    @Test("two seconds are the time after which a file is believed")
    func granularity() throws {
        let digest = try SHA256Hasher.digest(of: [1])
        for (changed, isKept) in [(997_999_999_999, true), (998_000_000_000, false), (2_000_000_000_000, false)]
            as [(Int64, Bool)]
        {
            for (modified, other) in [(changed, 0), (0, changed)] as [(Int64, Int64)] {
                var cache = try DigestCache(in: "/nowhere", of: "/t", now: 1_000)
                let stamp = FileStamp(device: 1, inode: 2, size: 3, modified: modified, changed: other)
                cache.record(digest, of: "a", stamp)
                #expect((cache.digest(of: "a", stamp) == digest) == isKept)
            }
        }
    }

    @Test(
        "whatever changes a file is seen",
        arguments: [
            // Size; content with the old time; another file with the old time and size; permissions.
            "echo longer > t/a", "touch -r t/a old; echo x > t/a; touch -r old t/a",
            "cp -p t/a t/x; echo x > t/x; touch -r t/a t/x; mv t/x t/a", "chmod 600 t/a",
        ])
    func changed(script: String) throws {
        let space = try Self.space()
        _ = try space.reading()
        try space.run(script)
        #expect(try space.reading().hashedCount == 1)
        let listing = try space.reading().listing
        #expect(listing == (try TreeReading.folder(space.place("t")).listing))
    }

    @Test("files that are gone are forgotten, and folders of one name elsewhere have a file of their own")
    func forgetting() throws {
        let space = try Self.space()
        _ = try space.reading()
        let size = try space.run("stat -c %s cache/*")
        try space.run("mv t/c aside")
        #expect(try space.reading().hashedCount == 0)
        #expect(try space.run("stat -c %s cache/*") != size)
        let names = try ["/a/t", "/b/t", "/a/../a/t"].map { root in
            var cache = try DigestCache(in: space.place("other"), of: FilePath(root), now: 1 << 40)
            cache.record(
                try SHA256Hasher.digest(of: []), of: "x",
                FileStamp(device: 0, inode: 0, size: 0, modified: 0, changed: 0))
            try cache.save()
            return try space.run("ls other | wc -l")
        }
        #expect(names == ["1\n", "2\n", "2\n"])
    }

    @Test(
        "a damaged file is as good as none",
        arguments: [
            "head -c 100 $f > x; mv x $f", ": > $f", "printf x >> $f", "sed -i s/digests/DIGESTS/ $f",
            "rm $f; mkdir $f",
        ])
    func damaged(script: String) throws {
        let space = try Self.space()
        _ = try space.reading()
        try space.run("f=$(echo cache/*); \(script)")
        var cache = try DigestCache(in: space.place("cache"), of: space.place("t"), now: 1 << 40)
        #expect(try TreeReading.folder(space.place("t"), cache: &cache).hashedCount == 3)
    }

    @Test("bytes with a right sum that are no records are nothing")
    func malformed() throws {
        let records = [
            (
                path: EntryPath("a/b"), stamp: FileStamp(device: 1, inode: .max, size: 3, modified: -4, changed: 5),
                digest: try SHA256Hasher.digest(of: [])
            )
        ]
        let bytes = try DigestCacheFile.bytes(of: records)
        let found = try #require(try DigestCacheFile.read(bytes))
        #expect(found.map(\.path) == ["a/b"] && found.map(\.stamp) == records.map(\.stamp))
        #expect(found.map(\.digest) == records.map(\.digest))
        let head = Array("lifeboot digests 1\n".utf8)
        let body = Array(bytes[head.count..<(bytes.count - 32)])
        for length in 0..<body.count {
            let part = head + body.prefix(length)
            let whole = part + (try SHA256Hasher.digest(of: part).bytes)
            #expect(try DigestCacheFile.read(whole) == nil || length == 0)
        }
    }

    @Test("without a file nothing is kept")
    func none() throws {
        var cache = DigestCache()
        let stamp = FileStamp(device: 0, inode: 0, size: 0, modified: 0, changed: 0)
        cache.record(try SHA256Hasher.digest(of: []), of: "a", stamp)
        #expect(cache.digest(of: "a", stamp) == nil)
        try cache.save()
    }
}
