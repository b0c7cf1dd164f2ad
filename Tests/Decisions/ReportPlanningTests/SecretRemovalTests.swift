import FieldCorpus
import JSONText
import Testing

@testable import ReportPlanning

@Suite("Secrets in texts")
struct SecretRemovalTests {
    /// What every sample hides.
    private static let secret = "hunter2Zz"
    private static let hash = "$6$rounds=4096$saltsalt$Zk0123456789abcdefXYZ./hunter2Zz"

    private func cleaned(_ text: String) -> String {
        String(decoding: SecretRemoval.text(Array(text.utf8)), as: UTF8.self)
    }

    @Test(
        "no value of a secret key stays, however it is written",
        arguments: [
            "password: hunter2Zz", "  passwd: 'it''s hunter2Zz'", "password: \"a \\\" hunter2Zz\"", "passwd=hunter2Zz",
            "password: my hunter2Zz words", "  - { name: joe, passwd: hunter2Zz, uid: 3 }", "db_password = x hunter2Zz",
            "export DB_PASSWORD=\"a b\"hunter2Zz", "psk=correct horse hunter2Zz", "K3S_TOKEN=hunter2Zz sh -",
            "curl --token hunter2Zz https://x", "client-key-data: hunter2Zz", "rootPw: hunter2Zz",
            "'api_key': 'hunter2Zz'",
            "Authorization: Basic hunter2Zz", "PrivateKey = hunter2Zz", "identitytoken: hunter2Zz",
            "password: >- hunter2Zz",
            "chpasswd: { list: 'root:hunter2Zz' }", "x: \"{\\\"password\\\": \\\"hunter2Zz\\\"}\"",
            "secret=> hunter2Zz",
            "BOOT_IMAGE=x quiet user.password=hunter2Zz more words ro=1", "cloud-init[1]: psk=my own hunter2Zz",
            "[\"--password\", \"hunter2Zz\"]", "PASSWORD=hunter2Zz&x=1", "wifi.psk: hunter2Zz",
        ])
    func values(_ line: String) {
        #expect(!cleaned(line).contains(Self.secret), "\(cleaned(line))")
        #expect(cleaned(line).contains(SecretRemoval.mark))
    }

    @Test(
        "hashes, tokens and credentials go by their look",
        arguments: [
            "root:\(hash):19000:0:99999:7:::", "opaque \(hash)", "\\$6\\$saltsalt\\$Zk0123456789hunter2Zz",
            "$y$j9T$abcdefgh$0123456789hunter2Zz", "$2b$12$0123456789012345678901hunter2Zz",
            "{SSHA}0123456789hunter2Zz",
            "password_pbkdf2 root grub.pbkdf2.sha512.10000.AB.hunter2Zz",
            "proxy https://joe:hunter2Zz@proxy.example:3128/",
            "https://joe:hunter2Zz/x@host/p", "GET https://s3.example/x?sig=hunter2Zz&b=hunter2Zz HTTP",
            "ghp_0123456789hunter2Zz",
            "Bearer hunter2Zz", "xoxb-0123456789-hunter2Zz", "eyJhbGciOiJIUzI1NiJ9.e30.hunter2Zz",
            "glpat-0123456789hunter2Zz", "oci://:hunter2Zz@registry.example/os",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQChunter2Zz",
        ])
    func shapes(_ line: String) {
        #expect(!cleaned(line).contains(Self.secret), "\(cleaned(line))")
    }

    @Test("a token of kubeadm goes, and what only resembles one stays")
    func joinTokens() {
        #expect(cleaned("join 0a1b2c.0123456789abcdef x") == "join [removed] x")
        for text in ["join abcdef.abcdefabcdefabcd", "0a1b2c.0123456789abcdeF", "0a1b2c-0123456789abcdef"] {
            #expect(cleaned(text) == text)
        }
    }

    @Test("what a key in PEM holds goes, on one line or many, with or without its end")
    func keys() {
        let lines = "a\n-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2Zz\nhunter2Zz\n-----END OPENSSH PRIVATE KEY-----\nb"
        #expect(cleaned(lines) == "a\n[removed]\n[removed]\n[removed]\n[removed]\nb")
        let one = #"{"key": "-----BEGIN RSA PRIVATE KEY-----\nhunter2Zz\n-----END RSA PRIVATE KEY-----\n", "b": 1}"#
        #expect(cleaned(one) == #"{"key": "[removed]\n", "b": 1}"#)
        #expect(!cleaned("x: -----BEGIN EC PRIVATE KEY-----\n hunter2Zz").contains(Self.secret))
        let journal =
            "Nov 29 h a[1]: -----BEGIN PGP PRIVATE KEY BLOCK-----\nNov 29 h a[1]: hunter2Zz\nNov 29 h a[1]: -----END PGP\nc"
        #expect(!cleaned(journal).contains(Self.secret))
        #expect(cleaned(journal).hasSuffix("\nc"))
        let certificate = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"
        #expect(cleaned(certificate) == certificate)
    }

    @Test("a key that never ends does not take the whole text with it")
    func endlessKey() {
        let text = "-----BEGIN PRIVATE KEY-----\n" + String(repeating: "x\n", count: 500) + "end"
        #expect(cleaned(text).hasSuffix("\nx\nend"))
    }

    @Test("the lines of a value go with it: lists, blocks, mappings, and quotes that are still open")
    func blocks() {
        #expect(
            cleaned("chpasswd:\n  list: |\n    root:hunter2Zz\nhostname: a")
                == "chpasswd:\n  [removed]\n    [removed]\nhostname: a")
        #expect(
            cleaned("- passwd: |\n    hunter2Zz\n\n    hunter2Zz\n  name: joe")
                == "- passwd: [removed]\n    [removed]\n\n    [removed]\n  name: joe")
        #expect(cleaned("tokens:\n- hunter2Zz\nb: 1") == "tokens:\n[removed]\nb: 1")
        #expect(cleaned("password: \"a\n  hunter2Zz\"\nb: 1") == "password: [removed]\n  [removed]\nb: 1")
        let json = "{\n  \"auths\": {\n    \"r\": {\n      \"x\": \"hunter2Zz\"\n    }\n  },\n  \"b\": 1\n}"
        #expect(!cleaned(json).contains(Self.secret))
        #expect(cleaned(json).contains("\"b\": 1"))
        #expect(
            cleaned("- name: DB_PASSWORD\n  value: hunter2Zz\n- name: A\n  value: b").hasSuffix(
                "[removed]\n- name: A\n  value: b"))
    }

    @Test(
        "commands that take secrets go as a whole",
        arguments: [
            "- echo \"root:hunter2Zz\" | chpasswd", "COMMAND=/bin/sh -c echo hunter2Zz | passwd --stdin root",
            "usermod -p hunter2Zz joe", "mysql -u root -phunter2Zz", "curl -u joe:hunter2Zz x",
            "sshpass -phunter2Zz ssh x",
            "echo -n hunter2Zz | cryptsetup luksFormat /dev/x -", "nmcli dev wifi connect a password hunter2Zz",
            "machine r.example login joe password hunter2Zz", "chpasswd <<EOF\nroot:hunter2Zz\nEOF",
            "docker login -u a -p hunter2Zz r", "wget --header='X: hunter2Zz' y",
        ])
    func commands(_ line: String) { #expect(!cleaned(line).contains(Self.secret), "\(cleaned(line))") }

    @Test(
        "what helps stays as it is",
        arguments: [
            "lock_passwd: true", "Reached target Basic System.",
            "oci://registry.example:5000/os/appliance@sha256:0123abcd",
            "lifeboot.image=0123456789abcdef lifeboot.role=active ro quiet",
            "systemd-ask-password-console.path: started",
            "/etc/passwd: No such file", "rootHash: 0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8zmN0Z5rZ8u0ZcSBeqj3ePB0cbxZkLxGb7A9yQyP5h joe",
            "12:30:01 auth.log rotated",
            "root=PARTUUID=0f0c6a3e-1b2c-4d5e-8f90-123456789abc",
            "/usr/lib/x86_64/Some/Very/Long/Path/With/Many/Parts1/Of/It",
            "password_file is not set", "sha512-AAAA", "the password of root was not changed",
        ])
    func harmless(_ line: String) { #expect(cleaned(line) == line) }

    @Test("a line that is too long to be looked through goes as a whole, and what is hostile takes no hours")
    func longLines() {
        let long = String(repeating: "x", count: 20_000)
        #expect(cleaned("a\n\(long)\nb") == "a\n[removed]: 20000 bytes in one line\nb")
        let start = ContinuousClock.now
        for piece in ["?", "://a:", "$1", "a/", "password=", "\"token\":", "-----BEGIN ", "<<"] {
            _ = cleaned(String(repeating: piece, count: 16_000 / piece.utf8.count))
        }
        #expect(ContinuousClock.now - start < .seconds(240), "without the optimiser, on a busy machine")
    }

    @Test("a document stays one, without the values of secret keys and the secrets in its texts")
    func documents() {
        let value: JSONValue = [
            "auths": ["r.example": ["auth": "hunter2Zz"]], "password": 42, "enabled": true, "token": .null,
            "secret": "",
            "message": "GET https://a:hunter2Zz@b/c failed", "env": [["name": "A_TOKEN", "value": "hunter2Zz"]],
            "list": ["a", ["passphrase": ["hunter2Zz"]]], "hasPassword": true,
        ]
        let expected: JSONValue = [
            "auths": "[removed]", "password": "[removed]", "enabled": true, "token": .null, "secret": "",
            "message": "GET https://[removed]@b/c failed", "env": [["name": "A_TOKEN", "value": "[removed]"]],
            "list": ["a", ["passphrase": "[removed]"]], "hasPassword": true,
        ]
        #expect(SecretRemoval.json(value) == expected)
    }

    @Test(
        "of what people write into their files nothing stays that looks like a secret",
        .enabled(if: FieldCorpus.folder != nil))
    func field() throws {
        let shapes = ["$6$", "$5$", "$y$", "$2b$", "PRIVATE KEY", "ghp_"]
        for entry in FieldCorpus.entries {
            let text = String(decoding: SecretRemoval.text(try entry.bytes()), as: UTF8.self)
            for shape in shapes { #expect(!text.contains(shape), "\(entry) still has \(shape)") }
            for line in text.split(separator: "\n") where line.lowercased().contains("passw") && !line.contains("name:")
            {
                let value = line.split(separator: ":", maxSplits: 1).dropFirst().first ?? ""
                let isKnown =
                    value.isEmpty || value.contains("[removed]") || value.contains("false") || value.contains("true")
                #expect(isKnown || line.contains("#") || line.contains("/"), "\(entry): \(line)")
            }
        }
    }
}
