import NetworkModel
import Testing

@Suite("Files that name servers stand in")
struct NameServerFileTests {
    @Test("the servers are read, with blanks and tabs, and comments and other lines are left out")
    func reading() {
        let text =
            "# nameserver 9.9.9.9\nsearch example\nnameserver 192.0.2.1\nnameserver\t2001:db8::1 \noptions a\nnameserver\n"
        #expect(NameServerFile(parsing: Array(text.utf8)).servers == ["192.0.2.1", "2001:db8::1"])
        #expect(NameServerFile(parsing: []).servers == [])
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        let file = NameServerFile([try #require(IPAddress("192.0.2.1")), try #require(IPAddress("2001:DB8::1"))])
        #expect(NameServerFile(parsing: file.bytes) == file)
        #expect(file.servers == ["192.0.2.1", "2001:db8::1"])
    }

    @Test("systemd-networkd's file of a link names the servers in one line, some of them with a port")
    func link() {
        let text = "ADMIN_STATE=configured\nDNS=10.0.2.3 fe80::1%2:53 2001:db8::3\nNTP=10.0.2.9\n"
        #expect(NameServerFile(ofLink: Array(text.utf8)).servers == ["10.0.2.3", "2001:db8::3"])
        #expect(NameServerFile(ofLink: Array("NTP=1.2.3.4\n".utf8)).servers == [])
    }
}
