/// What Go 1.19.8 with sprig 3.2.3 makes of each template with `data`, whose integers are `int` there.
///
/// Written down once by running both.
enum GoExpectations {
    static let data = #"""
        {"Values": {"node": {"hostname": "host1", "tz": "Europe/Zürich"},
        "network": [{"name": "eth0", "mac": "aa:bb"}, {"name": "eth1", "mac": "cc:dd"}],
        "n": 7, "big": 1234567, "f": 2.5, "wide": 1e+21, "small": 1e-05, "neg": -3, "empty": "", "none": [],
        "on": true, "off": false, "m": {"b": 2, "a": 1}},
        "MachineID": "0123456789abcdef", "s": " Hello, wörld\n"}
        """#

    /// Templates and their results.
    static let results: [(String, String)] = [
        ("{{ trunc 4 .MachineID }}", "0123"),
        ("{{ trunc -4 .MachineID }}", "cdef"),
        ("{{ trunc 0 .MachineID }}x", "x"),
        ("{{ trunc 99 .MachineID }}", "0123456789abcdef"),
        ("{{ trunc -99 .MachineID }}", "0123456789abcdef"),
        ("{{ .MachineID | trunc 4 | upper }}", "0123"),
        ("{{.Values.node.hostname}}", "host1"),
        ("{{ (index .Values.network 0).mac }}", "aa:bb"),
        ("{{ index .Values.network 1 \"mac\" }}", "cc:dd"),
        ("{{ index .Values \"node\" \"hostname\" }}", "host1"),
        ("{{ index \"abc\" 1 }}", "98"),
        ("{{ index .Values.m \"z\" }}", "<no value>"),
        ("{{ .Values.missing }}", "<no value>"),
        ("{{ .Values.missing.deeper }}", "<no value>"),
        (
            "{{ .Values.n }} {{ .Values.big }} {{ .Values.f }} {{ .Values.wide }} {{ .Values.small }} {{ "
                + ".Values.neg }}",
            "7 1234567 2.5 1e+21 1e-05 -3"
        ),
        (
            "{{ .Values.node }} {{ .Values.network }} {{ .Values.m }} {{ .Values.none }}",
            "map[hostname:host1 tz:Europe/Zürich] [map[mac:aa:bb name:eth0] map[mac:cc:dd name:eth1]] map[a:1 b:2] []"
        ),
        ("{{ .Values.on }} {{ .Values.off }}", "true false"),
        ("a  {{- 1 -}}  b", "a1b"),
        ("a  {{- \"x\" }}  b", "ax  b"),
        ("a {{/* c */}} b", "a  b"),
        ("a {{- /* c */ -}} b", "ab"),
        ("{{- 3}}{{ -3 }}{{-3}}", "3-3-3"),
        (
            "{{ `raw \"q\"\\n` }}{{ \"t\\tab\\u00e9\\x41\\101\\\"\" }}{{ 'a' }}{{ '\\n' }}{{ '\\'' }}",
            "raw \"q\"\\nt\tabéAA\"971039"
        ),
        (
            "{{ 0x1F }} {{ 0o17 }} {{ 017 }} {{ 0b101 }} {{ 1_000 }} {{ 1e3 }} {{ 1.5 }} {{ .5 }} {{ 1. }} {{ "
                + "+4 }} {{ 1e21 }} {{ 1e20 }} {{ 123456789.0 }} {{ 0x1p-2 }} {{ 1e-7 }} {{ 0.0001 }} {{ 100.0 }} {{ "
                + "0.0 }}",
            "31 15 15 5 1000 1000 1.5 0.5 1 4 1e+21 1e+20 1.23456789e+08 0.25 1e-07 0.0001 100 0"
        ),
        ("{{ true }} {{ false }}", "true false"),
        ("{{ if .Values.on }}yes{{ else }}no{{ end }}", "yes"),
        ("{{ if .Values.off }}yes{{ else }}no{{ end }}", "no"),
        (
            "{{ if .Values.empty }}1{{ else if .Values.none }}2{{ else if 0 }}3{{ else if 0.0 }}4{{ else if "
                + ".Values.missing }}5{{ else if .Values.m }}6{{ else }}7{{ end }}",
            "6"
        ),
        ("{{ range .Values.network }}{{ .name }},{{ end }}", "eth0,eth1,"),
        ("{{ range $x := .Values.network }}{{ $x.name }}{{ $.MachineID | trunc 2 }};{{ end }}", "eth001;eth101;"),
        ("{{ range $i, $x := .Values.network }}{{ $i }}={{ $x.mac }} {{ end }}", "0=aa:bb 1=cc:dd "),
        ("{{ range $k, $v := .Values.m }}{{ $k }}{{ $v }}{{ end }}", "a1b2"),
        ("{{ range .Values.none }}x{{ else }}none{{ end }}", "none"),
        ("{{ range .Values.missing }}x{{ else }}none{{ end }}", "none"),
        ("{{ range .Values.network }}{{ if eq .name \"eth1\" }}{{ break }}{{ end }}{{ .name }}{{ end }}", "eth0"),
        ("{{ range .Values.network }}{{ if eq .name \"eth0\" }}{{ continue }}{{ end }}{{ .name }}{{ end }}", "eth1"),
        ("{{ with .Values.node }}{{ .hostname }}{{ end }}", "host1"),
        ("{{ with $n := .Values.node }}{{ $n.hostname }}{{ end }}", "host1"),
        ("{{ with .Values.empty }}x{{ else }}e{{ end }}", "e"),
        ("{{ with .Values.node.hostname }}{{ . }}{{ end }}", "host1"),
        ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
        ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"),
        ("{{ $x := \"a\" }}{{ $x }}{{ $x = \"b\" }}{{ $x }}", "ab"),
        ("{{ $x := 1 }}{{ $x:=3 }}{{$x}}", "3"),
        (
            "{{ and 1 0 }} {{ and 1 2 }} {{ or 0 \"\" }}| {{ or 0 \"x\" 3 }} {{ not 1 }} {{ not \"\" }}",
            "0 2 | x false true"
        ),
        ("{{ and false (index .Values.none 3) }}", "false"),
        ("{{ or true (index .Values.none 3) }}", "true"),
        ("{{ 1 | and true }} {{ 5 | or 0 }}", "1 5"),
        (
            "{{ eq 1 1 }} {{ eq 1 2 3 1 }} {{ ne 1 2 }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt 3 2 }} {{ ge 2 3 }}",
            "true true true true true true false"
        ),
        (
            "{{ eq \"a\" \"a\" }} {{ lt \"a\" \"b\" }} {{ eq true true }} {{ eq 1.5 1.5 }} {{ lt 1.5 2.5 }} {{ "
                + "gt \"b\" \"a\" }} {{ ge \"a\" \"b\" }} {{ le \"z\" \"b\" }}",
            "true true true true true true false false"
        ),
        ("{{ eq .Values.missing \"x\" }} {{ eq .Values.missing nil }} {{ ne .Values.missing 1 }}", "false true true"),
        ("{{ eq \"x\" .Values.missing }}", "false"),
        ("{{ len .Values.network }} {{ len \"wörld\" }} {{ len .Values.m }}", "2 6 2"),
        (
            "{{ print 1 2 \"x\" \"y\" 3 4 nil true }} {{ print }} {{ print \"a\" 1 }} {{ print .Values.missing }}",
            "1 2xy3 4 <nil> true  a1 <nil>"
        ),
        ("{{ println 1 \"x\" nil }}|", "1 x <nil>\n|"),
        ("{{ printf \"%s-%d %v %q %%\" \"a\" 3 .Values.m \"q\\\"\\n\" }}", "a-3 map[a:1 b:2] \"q\\\"\\n\" %"),
        ("{{ printf \"%v %v %v\" nil true 1.5 }}", "<nil> true 1.5"),
        (
            "{{ printf \"%s %d %q\" .Values.network (list 1 2) (list \"a\" \"b c\") }}",
            "[map[mac:aa:bb name:eth0] map[mac:cc:dd name:eth1]] [1 2] [\"a\" \"b c\"]"
        ),
        ("{{ printf \"plain\" }}", "plain"),
        ("{{ \"x\" | printf \"%s=%s\" \"k\" }}", "k=x"),
        (
            "{{ default \"d\" .Values.empty }} {{ default \"d\" .Values.node.hostname }} {{ default \"d\" "
                + ".Values.missing }} {{ .Values.missing | default 5 }} {{ default 1 0 }} {{ default \"d\" false }}",
            "d host1 d 5 1 d"
        ),
        ("{{ default \"only\" }}", "only"),
        (
            "{{ empty \"\" }} {{ empty 0 }} {{ empty 1 }} {{ empty .Values.none }} {{ empty nil }} {{ empty "
                + ".Values.missing }} {{ empty false }}",
            "true true false true true true true"
        ),
        (
            "{{ coalesce 0 \"\" .Values.missing \"c\" \"d\" }} {{ coalesce }} {{ coalesce 0 \"\" }}",
            "c <no value> <no value>"
        ),
        (
            "{{ quote \"a\" 1 nil \"b\\\"c\" true }} {{ .s | quote }} {{ quote }} {{ quote .Values.missing }}|",
            "\"a\" \"1\" \"b\\\"c\" \"true\" \" Hello, wörld\\n\"  |"
        ),
        ("{{ squote \"a\" 1 nil \"b\" }} {{ squote .Values.m }}", "'a' '1' 'b' 'map[a:1 b:2]'"),
        (
            "{{ upper \"aß é\" }} {{ lower \"ÀB\" }} {{ title \"hello big-world foo_bar 3x don't\" }} {{ title "
                + "\"été à\" }}",
            "Aß É àb Hello Big-World Foo_bar 3x Don'T Été À"
        ),
        ("{{ trim .s | quote }} {{ trim \"\\t x \\n\" | quote }}", "\"Hello, wörld\" \"x\""),
        (
            "{{ trimPrefix \"ab\" \"abc\" }} {{ trimPrefix \"x\" \"abc\" }} {{ trimSuffix \"bc\" \"abc\" }} {{ "
                + "trimSuffix \"\" \"abc\" }} {{ trimAll \"$-\" \"-$5.00$-\" }} {{ trimAll \"\" \"a\" }}",
            "c abc a abc 5.00 a"
        ),
        (
            "{{ replace \"a\" \"b\" \"banana\" }} {{ replace \"\" \"-\" \"aé\" }} {{ replace \"ana\" \"x\" "
                + "\"banana\" }} {{ \"a b\" | replace \" \" \"_\" }} {{ replace \"x\" \"y\" \"\" }}|",
            "bbnbnb -a-é- bxna a_b |"
        ),
        (
            "{{ contains \"an\" \"banana\" }} {{ contains \"x\" \"banana\" }} {{ contains \"\" \"a\" }} {{ "
                + "hasPrefix \"ba\" \"banana\" }} {{ hasSuffix \"na\" \"banana\" }} {{ hasPrefix \"x\" \"b\" }} {{ "
                + "hasSuffix \"bananas\" \"s\" }}",
            "true false true true true false false"
        ),
        ("{{ repeat 3 \"ab\" }} {{ \"x\" | repeat 0 }}|", "ababab |"),
        (
            "{{ substr 1 3 \"hello\" }} {{ substr 0 -1 \"hello\" }} {{ substr -1 2 \"hello\" }} {{ substr 2 99 "
                + "\"hello\" }} {{ substr 3 3 \"hello\" }}|",
            "el hello he llo |"
        ),
        (
            "{{ join \",\" (list \"a\" 1 nil true) }} {{ join \"-\" \"x\" }} {{ join \",\" .Values.missing }}| "
                + "{{ list 1 2 | join \"+\" }} {{ join \"\" (list \"a\" \"b\") }}",
            "a,1,true x | 1+2 ab"
        ),
        (
            "{{ split \",\" \"a,b,c\" }} {{ (split \",\" \"a,b,c\")._1 }} {{ $p := split \".\" \"x.y\" }}{{ "
                + "$p._0 }} {{ (split \",\" \"a\")._3 }} {{ split \",\" \"\" }}",
            "map[_0:a _1:b _2:c] b x <no value> map[_0:]"
        ),
        (
            "{{ splitList \",\" \"a,b,,c\" }} {{ splitList \"\" \"aé\" }} {{ len (splitList \",\" \"\") }} {{ "
                + "splitList \"--\" \"a--b---c\" }}",
            "[a b  c] [a é] 1 [a b -c]"
        ),
        (
            "{{ list }} {{ list 1 \"a\" nil }} {{ first (list 1 2) }} {{ last (list 1 2) }} {{ first (list) }} "
                + "{{ last .Values.none }}",
            "[] [1 a <nil>] 1 2 <no value> <no value>"
        ),
        (
            "{{ dict \"a\" 1 \"b\" }} {{ $d := dict \"k\" \"v\" }}{{ $d.k }} {{ get $d \"k\" }} {{ get $d "
                + "\"z\" }}| {{ hasKey $d \"k\" }} {{ hasKey $d \"z\" }} {{ dict 1 2 }} {{ dict }} {{ dict \"a\" 1 "
                + "\"a\" 2 }}",
            "map[a:1 b:] v v | true false map[1:2] map[] map[a:2]"
        ),
        (
            "{{ get .Values.m \"a\" }} {{ hasKey .Values.missing \"x\" }} {{ get .Values.missing \"x\" }}|",
            "1 false |"
        ),
        (
            "{{ b64enc \"hello\" }} {{ b64dec \"aGVsbG8=\" }} {{ b64enc \"\" }}| {{ b64dec \"aGVs\\nbG8=\" }}",
            "aGVsbG8= hello | hello"
        ),
        (
            "{{ sha256sum \"hello\" }} {{ sha256sum \"\" }}",
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 "
                + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ),
        (
            "{{ int \"12\" }} {{ int \"1.0\" }} {{ int \"abc\" }} {{ int 3.9 }} {{ int -3.9 }} {{ int true }} "
                + "{{ int nil }} {{ int \"0x10\" }} {{ int \"-5\" }} {{ int \" 5\" }} {{ int \"1.5\" }} {{ int \"\" "
                + "}} {{ int \"010\" }} {{ int .Values.node }}",
            "12 1 0 3 -3 1 0 16 -5 0 0 0 8 0"
        ),
        (
            "{{ toString 5 }} {{ toString nil }} {{ toString (list 1 2) }} {{ toString true | quote }} {{ "
                + "toString 1.0 }}",
            "5 <nil> [1 2] \"true\" 1"
        ),
        (
            "{{ ternary \"y\" \"n\" true }} {{ ternary \"y\" \"n\" false }} {{ true | ternary 1 2 }} {{ eq 1 2 "
                + "| ternary \"a\" \"b\" }}",
            "y n 1 b"
        ),
        ("{{ required \"must\" \"x\" }}", "x"),
        ("{{ required \"must\" 0 }}", "0"),
        ("{{ .Values.n | }}", "7"),
        ("{{ ((upper \"a\")) }}{{(1)}}", "A1"),
        ("{{ upper \"a\"\n }}{{ \"multi\" }}", "Amulti"),
        ("no template { { }}", "no template { { }}"),
        ("}} {{ \"{{\" }} {{ \"}}\" }}", "}} {{ }}"),
        ("{{ with $ }}{{ .MachineID }}{{ end }}", "0123456789abcdef"),
        ("{{ range (list 3 2 1) }}{{ . }}{{ end }}", "321"),
        ("{{ range $i, $c := splitList \",\" \"a,b\" }}{{ if $i }}-{{ end }}{{ $c }}{{ end }}", "a-b"),
        (
            "{{ range $x := list 1 2 }}{{ range $y := list \"a\" \"b\" }}{{ $x }}{{ $y }} {{ end }}{{ end }}",
            "1a 1b 2a 2b "
        ),
        ("{{ if and (eq .Values.n 7) (not .Values.off) }}ok{{ end }}", "ok"),
        ("{{ printf \"%s-%s\" .Values.node.hostname (trunc 4 .MachineID) | upper | quote }}", "\"HOST1-0123\""),
        ("{{ index (splitList \":\" \"a:b:c\") 2 }}", "c"),
        ("{{ (dict \"a\" (dict \"b\" \"deep\")).a.b }}", "deep"),
        ("{{ if $v := 3 }}{{ $v }}{{ end }}", "3"),
        ("{{ if $v := 0 }}{{ else if true }}{{ $v }}{{ end }}", "0"),
        ("{{ upper (lower (title \"x y\")) }}", "X Y"),
        ("{{ print (print) }}|", "|"),
        ("{{ \"a\" | upper | lower | printf \"%s%s\" \"b\" }}", "ba"),
        ("{{ \"é\\u4e2d\\U0001F600\\x7f\\u200b\\u00a0\" | quote }}", "\"é中😀\\x7f\\u200b\\u00a0\""),
        ("{{ len (repeat 100 \"ab\") }}", "200"),
        ("{{ .Values.network | len }}", "2"),
        ("{{ (.Values.network | first).name }}", "eth0"),
        ("{{ if not .Values.missing }}absent{{ end }}", "absent"),
        ("{{ $a := .Values.network }}{{ (index $a 0).name }}{{ len $a }}", "eth02"),
        ("{{ $ | len }}", "3"),
        ("{{ $.Values.n }}{{ $.Values.f }}", "72.5"),
        (
            "{{ 999999.0 }} {{ 1000000.0 }} {{ 123456.0 }} {{ 1234567.5 }} {{ 123456.789 }} {{ 2097152.0 }} {{ "
                + "21e20 }} {{ -1.5e6 }} {{ 0.00012345 }} {{ 12345e-10 }}",
            "999999 1e+06 123456 1.2345675e+06 123456.789 2.097152e+06 2.1e+21 -1.5e+06 0.00012345 1.2345e-06"
        ),
        ("{{ printf \"%v %s\" (list 1.5 2000000.0) \"x\" }}", "[1.5 2e+06] x"),
        ("{{- /* begin */}}x{{/* end */ -}}  y", "xy"),
        (
            "{{ $x := 1 }}{{ range $x := list 2 }}{{ end }}{{ $x }}{{ with $x := 3 }}{{ end }}{{ $x }}{{ if $x "
                + ":= 4 }}{{ end }}{{ $x }}",
            "111"
        ),
        ("{{ $x := 1 }}{{ range $x = list 2 3 }}{{ end }}{{ $x }}", "3"),
        ("{{ $x := 1 }}{{ range list 7 8 }}{{ $x }}{{ $x := . }}{{ $x }} {{ end }}", "17 18 "),
        (
            "{{ contains \"aab\" \"aaab\" }} {{ replace \"abab\" \"-\" \"abaababab\" }} {{ splitList \"aa\" "
                + "\"aaaaa\" }} {{ replace \"aabaaa\" \"X\" \"aabaabaaabaaa\" }}",
            "true aba-ab [  a] aabXbaaa"
        ),
    ]

    /// Templates that Go does not parse.
    static let unparsable = [
        "a {{ /* c */ }} b",
        "a {{/* c }}",
        "{{ 'ab' }}",
        "{{ \"\\q\" }}",
        "{{ \"open }}",
        "{{ 089 }}",
        "{{ 1__0 }}",
        "{{ 99999999999999999999 }}",
        "{{ 1x }}",
        "{{ if }}x{{ end }}",
        "{{ if true }}x",
        "{{ else }}",
        "{{ end }}",
        "{{ if true }}a{{ else }}b{{ else }}c{{ end }}",
        "{{ break }}",
        "{{ range $i, $x := .Values.network }}{{ end }}{{ $x }}",
        "{{ $y }}",
        "{{ $x, $y := 1 }}",
        "{{ 1 | 2 }}",
        "{{ \"a\" | \"b\" }}",
        "{{ 1 | . }}",
        "{{ | upper \"x\" }}",
        "{{ }}",
        "{{}}",
        "{{ ( ) }}",
        "{{ (upper \"a\" }}",
        "{{ upper \"a\") }}",
        "{{ ds.meta_data.hostname }}",
        "{{ v1.local_hostname }}",
        "{{ toYaml .x }}",
        "{{ .Values.a-b }}",
        "{{ $x+2 }}",
        "{{ .x = 3 }}",
        "{{ a, b }}",
        "{{ foo | bar }}",
        "{{ include \"x\" . | indent 4 }}",
        "{{ \"x\".y }}",
        "{{ ..x }}",
        "{{ . }}x{{ end }}",
        "{% if x %}{{ x }}{% endif %}",
        "{{{ upper \"a\" }}}",
        "{{ define \"x\" }}{{ nofunc }}{{ end }}",
        "{{ template \"x\" }",
        "{{ if true }}{{ define \"y\" }}{{ end }}{{ end }}",
        "{{ else if true }}{{ end }}",
        "{{ with 1 }}{{ else if 2 }}{{ end }}",
        "{{ range $i, 3 }}{{ end }}",
        "{{ if $v := 0 }}{{ end }}{{ $v }}",
        "{{ range $i, }}{{ end }}",
        "{{ if true }}{{ $w := 1 }}{{ end }}{{ $w }}",
    ]

    /// Templates that Go parses and then fails to execute.
    static let failing = [
        "{{ index .Values.network 5 }}",
        "{{ index .Values.network -1 }}",
        "{{ index .Values.n 1 }}",
        "{{ index .Values.zz 0 }}",
        "{{ .Values.node.hostname.x }}",
        "{{ nil }}",
        "{{ if nil }}x{{ end }}",
        "{{ range .Values.n }}x{{ end }}",
        "{{ $y = 1 }}",
        "{{ and }}",
        "{{ eq 1 \"1\" }}",
        "{{ lt true false }}",
        "{{ lt .Values.missing 1 }}",
        "{{ eq .Values.node .Values.node }}",
        "{{ eq 1 }}",
        "{{ len 3 }}",
        "{{ len .Values.missing }}",
        "{{ repeat -1 \"x\" }}",
        "{{ substr 9 -1 \"hello\" }}",
        "{{ substr 3 1 \"hello\" }}",
        "{{ substr -1 -1 \"hello\" }}",
        "{{ substr -1 9 \"hello\" }}",
        "{{ first \"abc\" }}",
        "{{ first .Values.missing }}",
        "{{ get \"x\" \"y\" }}",
        "{{ ternary \"y\" \"n\" 1 }}",
        "{{ required \"must\" .Values.missing }}",
        "{{ required \"must\" \"\" }}",
        "{{ upper 5 }}",
        "{{ upper .Values.missing }}",
        "{{ upper }}",
        "{{ upper \"a\" \"b\" }}",
        "{{ trunc \"4\" \"abc\" }}",
        "{{ .MachineID \"x\" }}",
        "{{ \"x\" | .MachineID }}",
        "{{ (1) 2 }}",
        "{{ 1 2 }}",
        "{{ \"a\" \"b\" }}",
        "{{ range $i, $x = .Values.network }}{{ end }}",
    ]
}
