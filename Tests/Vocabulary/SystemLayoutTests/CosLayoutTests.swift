import DocumentTree
import SystemPackage
import Testing

@testable import SystemLayout

@Suite("cOS layout")
struct CosLayoutTests {
    private static let text = """
        # written by the rootfs stage
        VOLUMES="LABEL=COS_OEM:/oem LABEL=COS_PERSISTENT:/usr/local"
        OVERLAY=tmpfs:20%
        export MERGE='false'
        RW_PATHS="/var /etc /srv /home /usr/local"
        PERSISTENT_STATE_PATHS="/etc/ssh /home /root"
        PERSISTENT_STATE_BIND=true
        PERSISTENT_STATE_TARGET=/usr/local/.state

        OTHER=x
        """

    @Test("every variable is read, and each path is kept in one way only")
    func reads() throws {
        let cos = try CosLayout(parsing: Self.text)
        #expect(cos.layout.store == .memory(size: "20%"))
        #expect(cos.layout.volumes.map(\.path) == ["/oem", "/usr/local"])
        #expect(cos.layout.volumes.allSatisfy { !$0.required })
        #expect(cos.layout.ephemeralPaths == ["/etc", "/srv", "/var"])
        #expect(cos.layout.persistentPaths == ["/home", "/root", "/etc/ssh"])
        #expect(cos.layout.persistentMode == .bind && !cos.mergesCommandLine && !cos.debugReadWrite)
        #expect(cos.stateFolder == "/usr/local/.state" && cos.ignored == ["OTHER"])
    }

    @Test("an empty file gives the defaults, and an empty RW_PATHS gives none")
    func defaults() throws {
        let cos = try CosLayout(parsing: "")
        #expect(cos.layout.ephemeralPaths == ["/etc", "/home", "/opt", "/root", "/srv", "/var", "/usr/local"])
        #expect(cos.mergesCommandLine && cos.layout.volumes.isEmpty)
        #expect(try CosLayout(parsing: "RW_PATHS=\"\"").layout.ephemeralPaths.isEmpty)
        #expect(try CosLayout(parsing: "DEBUG_RW=true").debugReadWrite)
    }

    @Test(
        "a mistake is refused with its line",
        arguments: [
            ("\nRW_PATHS=/etc ..", "line 2, column 1: RW_PATHS: '..' must be an absolute path"),
            ("RW_PATHS=/proc", "line 1, column 1: RW_PATHS: /proc belongs to the system"),
            ("VOLUMES=LABEL=x", "line 1, column 1: VOLUMES: volume 'LABEL=x' has no mount point"),
            ("VOLUMES=\"LABEL=x:/a LABEL=y:/a\"", "line 1, column 1: VOLUMES: /a is named twice"),
            ("OVERLAY=tmpfs:0%", "line 1, column 1: OVERLAY: store: size '0%'"),
            ("MERGE=yes", "line 1, column 1: MERGE: must be true or false"),
            ("VOLUMES=\"LABEL=x:/a", "line 1, column 1: a quote is not closed"), ("\"", "line 1, column 1: '\"' is no"),
            ("a b=c", "line 1, column 1: 'a b=c' is no assignment"), ("=x", "line 1, column 1: '=x' is no assignment"),
        ])
    func refuses(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { try CosLayout(parsing: text) }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test("no cut of a file is a crash")
    func cuts() {
        for count in 0...Self.text.utf8.count {
            _ = try? CosLayout(parsing: String(decoding: Self.text.utf8.prefix(count), as: UTF8.self))
        }
    }
}
