#if Rules
    import Testing

    @testable import Rules

    @Suite struct VersionTests {
        /// Each is less than the next.
        @Test(arguments: [
            ["7", "8", "10", "11"], ["18.04", "20.04", "22.04", "22.10", "24.04"],
            ["9.9", "9.10", "10"], ["10.0.17763", "10.0.19045", "10.0.22631", "11"],
            ["20261122", "20261123"], ["2", "2.0.1", "2.1", "a"], ["6.1", "6.1.7601", "6.rc1"],
            ["99999999999999999998", "99999999999999999999", "100000000000000000000"],
            ["1.a", "1.b", "1.ba", "1.é"], ["0", "0.0.1", "-"],
        ])
        func order(versions: [String]) {
            for (index, version) in versions.enumerated() {
                for later in versions[(index + 1)...] {
                    #expect(SystemVersion(version) < SystemVersion(later))
                    #expect(!(SystemVersion(later) < SystemVersion(version)))
                }
            }
        }

        @Test(arguments: [("12", "12.0"), ("04.1", "4.01"), ("0", "0.0.0"), ("10.0", "10")])
        func same(a: String, b: String) {
            #expect(SystemVersion(a) == SystemVersion(b))
            #expect(
                !(SystemVersion(a) < SystemVersion(b)) && !(SystemVersion(b) < SystemVersion(a)))
        }
    }
#endif
